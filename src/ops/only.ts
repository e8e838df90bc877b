import { InternalError } from '../diagnostics/internal-error.js';

/** The first of values that exist by contract: the output of a one-output node, its type, its gradient. */
export function only<T>(values: readonly T[]): T {
  const [first] = values;
  if (first === undefined) throw new InternalError('an operator is missing its output');
  return first;
}

/** Item `index` of a list that is long enough by contract. */
export function nth<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new InternalError(`there is no item ${index} in a list of ${values.length}`);
  return value;
}
