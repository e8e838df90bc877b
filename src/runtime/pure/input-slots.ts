import type { Span } from '../../diagnostics/span.js';
import { Dim } from '../../dims/dim.js';
import type { DType } from '../../ops/types.js';
import { FeedError } from './feed-error.js';
import type { DeclaredInput, Signature } from './signature.js';

/** An input that takes a tensor: its element type and its rank are known. */
export interface InputSlot {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly Dim[];
  /** The place of its declaration, or the start of the ONNX file. */
  readonly span: Span;
}

/** Anything with sizes as numbers, such as a tensor. */
export interface Shaped {
  readonly shape: readonly number[];
}

/** The input called `name`, without its shape. Throws `FeedError` if there is none, or if it does not take a tensor of numbers. */
export function inputNamed({ inputs }: Signature, name: string): Omit<InputSlot, 'shape'> {
  const declared = inputs.find((candidate) => candidate.name === name);
  if (declared === undefined) throw new FeedError({ kind: 'unknown-input', name, known: inputs.map((known) => known.name) });
  return typed(declared);
}

/**
 * All inputs in their order. One whose rank the model leaves open has the shape of the tensor given for it. Throws `FeedError` if there is
 * none, or if an input does not take a tensor of numbers.
 */
export function inputSlots({ inputs }: Signature, given: ReadonlyMap<string, Shaped>): readonly InputSlot[] {
  return inputs.map((declared) => {
    const slot = typed(declared);
    const shape = declared.shape ?? given.get(declared.name)?.shape.map((size) => Dim.of(size));
    if (shape === undefined) throw new FeedError({ kind: 'open-rank', name: declared.name });
    return { ...slot, shape };
  });
}

function typed({ name, type, dtype, span }: DeclaredInput): Omit<InputSlot, 'shape'> {
  if (dtype === undefined || dtype === 'string') throw new FeedError({ kind: 'not-numbers', name, type });
  return { name, dtype, span };
}
