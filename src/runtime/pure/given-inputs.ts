import type { DType } from '../../ops/types.js';
import { FeedError } from './feed-error.js';
import { kindOfValue } from './kind-of-value.js';
import type { DeclaredInput, Signature } from './signature.js';

/** What is given for inputs, by their names. Throws `FeedError` for something that has no names. */
export function givenInputs<T>({ inputs }: Pick<Signature, 'inputs'>, given: Readonly<Record<string, T>>): readonly [string, T][] {
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given) && !ArrayBuffer.isView(given);
  if (!isObject) throw new FeedError({ kind: 'not-inputs', known: inputs.map(({ name }) => name), given: kindOfValue(given) });
  return Object.entries(given);
}

/** The input with this name. Throws `FeedError` if it does not exist or does not take numbers. */
export function inputOf({ inputs }: Pick<Signature, 'inputs'>, name: string): DeclaredInput & { readonly dtype: DType } {
  const found = inputs.find((input) => input.name === name);
  if (found === undefined) throw new FeedError({ kind: 'unknown-input', name, known: inputs.map((input) => input.name) });
  if (found.dtype === undefined || found.dtype === 'string') throw new FeedError({ kind: 'not-numbers', name, type: found.type });
  return { ...found, dtype: found.dtype };
}
