import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { NdArray } from '../../src/ops/types.js';
import { openFixture, type TensorFile } from './tensor-file.js';

/** A file of test/reference/data. */
export function openReference(name: string): TensorFile {
  return openFixture(resolve(import.meta.dirname, `../reference/data/${name}.safetensors`));
}

/** The text of a model in examples/, without its own `train` blocks, which are at the end. */
export function exampleModel(name: string): string {
  const text = readFileSync(resolve(import.meta.dirname, `../../examples/${name}/model.arch`), 'utf8');
  return text.replace(/^train [\s\S]*$/m, '');
}

/** Every k-th element, as `sampled` in test/reference/common.py chooses them. */
export function sampledAs({ data }: NdArray, limit: number): Float64Array {
  let stride = Math.max(1, Math.ceil(data.length / limit));
  while (divisor(stride, data.length) !== 1) stride++;
  return data.filter((_, i) => i % stride === 0);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** The largest difference; NaN if one is. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** One of several tensors that lie along the first axis. */
export function item({ dtype, shape: [, ...shape], data }: NdArray, index: number): NdArray {
  const size = shape.reduce((a, b) => a * b, 1);
  return { dtype, shape, data: data.slice(index * size, (index + 1) * size) };
}
