import { ndArray } from '../../src/ops/nd/array.js';
import type { NdArray } from '../../src/ops/types.js';

/** The positions `from` to `to` of `[N, T, ...]`. */
export function positionsOf({ dtype, shape, data }: NdArray, from: number, to: number): NdArray {
  const [rows = 0, length = 0, ...rest] = shape;
  const width = rest.reduce((a, b) => a * b, 1);
  const parts = Array.from({ length: rows }, (_, n) => [...data.subarray((n * length + from) * width, (n * length + to) * width)]);
  return ndArray(dtype, [rows, to - from, ...rest], Float64Array.from(parts.flat()));
}

/** Arrays `[N, T, ...]`, concatenated along T. */
export function joinedPositions(arrays: readonly NdArray[]): NdArray {
  const [first] = arrays;
  if (first === undefined) throw new Error('there is nothing to join');
  const [rows = 0, , ...rest] = first.shape;
  const lengths = arrays.map(({ shape }) => shape[1] ?? 0);
  const parts = Array.from({ length: rows }, (_, n) =>
    arrays.flatMap(({ data }) => [...data.subarray((n * data.length) / rows, ((n + 1) * data.length) / rows)]),
  );
  return ndArray(first.dtype, [rows, lengths.reduce((a, b) => a + b, 0), ...rest], Float64Array.from(parts.flat()));
}

/** These rows of `[N, ...]`, in this order. */
export function rowsOf({ dtype, shape, data }: NdArray, rows: readonly number[]): NdArray {
  const [count = 1, ...rest] = shape;
  const width = data.length / count;
  const parts = rows.map((row) => [...data.subarray(row * width, (row + 1) * width)]);
  return ndArray(dtype, [rows.length, ...rest], Float64Array.from(parts.flat()));
}

/** The token with the largest logit at each position: `[N, T, vocab]` to `[N, T]`. */
export function bestTokens({ shape, data }: NdArray): NdArray {
  const [rows = 0, length = 0, vocab = 0] = shape;
  const tokens = Float64Array.from({ length: rows * length }, (_, i) => {
    const logits = data.subarray(i * vocab, (i + 1) * vocab);
    return logits.indexOf(Math.max(...logits));
  });
  return ndArray('i64', [rows, length], tokens);
}

/** A mask `[rows, length]` that hides nothing. */
export function onesOf(rows: number, length: number): NdArray {
  return ndArray('i64', [rows, length], new Float64Array(rows * length).fill(1));
}
