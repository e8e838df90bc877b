import { readFileSync } from 'node:fs';
import { readSafetensors } from '../../src/6-emit/weights/safetensors.js';
import type { StoredTensor } from '../../src/6-emit/weights/stored-tensor.js';
import { memoryFile } from '../../src/memory-host.js';
import { ndArray } from '../../src/ops/nd/array.js';
import type { DType, NdArray } from '../../src/ops/types.js';

/** A small safetensors file whose tensors are told apart by the first part of their names: `weight.`, `in.`, `out.`. */
export interface TensorFile {
  readonly path: string;
  /** The tensors with this prefix, which is taken off their names. */
  under(prefix: string): readonly StoredTensor[];
  arrays(prefix: string): Record<string, NdArray>;
}

export function openFixture(path: string): TensorFile {
  const { tensors } = readSafetensors(memoryFile(new Uint8Array(readFileSync(path)), path), path);
  const under = (prefix: string) =>
    [...tensors.values()].flatMap((t) => (t.name.startsWith(prefix) ? [{ ...t, name: t.name.slice(prefix.length) }] : []));
  return { path, under, arrays: (prefix) => Object.fromEntries(under(prefix).map((t) => [t.name, arrayOf(t)])) };
}

function arrayOf({ name, dtype, shape, file, offset, length }: StoredTensor): NdArray {
  const bytes = file.read(offset, length);
  const { buffer } = bytes.slice();
  const numbers = elements[dtype as DType]?.(buffer);
  if (dtype === undefined || numbers === undefined) throw new Error(`${name} has a type that tests do not read: ${dtype}`);
  return ndArray(dtype, shape, Float64Array.from(numbers as ArrayLike<number>, Number));
}

const elements: Readonly<Partial<Record<DType, (buffer: ArrayBufferLike) => ArrayLike<number | bigint>>>> = {
  f32: (buffer) => new Float32Array(buffer),
  i64: (buffer) => new BigInt64Array(buffer),
  bool: (buffer) => new Uint8Array(buffer),
};
