import { type DType, isFloat } from '../../ops/types.js';
import type { TensorData } from './tensor-data.js';
import { TensorError } from './tensor-error.js';
import { tensorOf } from './tensor-numbers.js';

/** The most axes of a tensor; numpy's own limit. */
const mostAxes = 64;

/**
 * The tensor of type `dtype` that a JSON text holds: nested lists of numbers or booleans, where all lists of one level have the same length;
 * each level is an axis, outermost first. Throws `TensorError` for any other text, and for fractions where `dtype` is not a float.
 */
export function tensorFromJson(text: string, dtype: DType): TensorData {
  const value = parsed(text);
  const shape: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  if (shape.length > mostAxes) throw new TensorError(`its lists are nested more than ${mostAxes} deep`);
  const numbers: number[] = [];
  collect(value, shape, 0, numbers);
  if (!isFloat(dtype) && numbers.some((number) => !Number.isSafeInteger(number)))
    throw new TensorError(`the input is ${dtype}, but not all of its numbers are whole`);
  return tensorOf(dtype, shape, Float64Array.from(numbers));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new TensorError('it is not JSON');
    throw error;
  }
}

/** Appends the numbers in `value`, which is `depth` lists deep, in row-major order. */
function collect(value: unknown, shape: readonly number[], depth: number, numbers: number[]): void {
  if (Array.isArray(value)) {
    if (value.length !== shape[depth]) throw new TensorError('its lists have different lengths');
    for (const item of value) collect(item, shape, depth + 1, numbers);
  } else if (depth === shape.length && (typeof value === 'number' || typeof value === 'boolean')) numbers.push(Number(value));
  else throw new TensorError('it is not a nested list of numbers');
}
