/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { storedSource } from '../../src/6-emit/weights/cast.js';
import { readSafetensors } from '../../src/6-emit/weights/safetensors.js';
import { wholeTensor } from '../../src/6-emit/weights/tensor-source.js';
import { memoryFile } from '../../src/memory-host.js';
import type { NdArray } from '../../src/ops/types.js';

const folder = resolve(import.meta.dirname, '../fixtures');

/** Path of a file of a fixture: reference data that PyTorch made. */
export function fixturePath(name: string, file: string): string {
  return join(folder, name, file);
}

/** What PyTorch was given and what it returned, by name. */
export function fixtureData(name: string): {
  readonly inputs: Readonly<Record<string, NdArray>>;
  readonly outputs: Readonly<Record<string, NdArray>>;
} {
  const tensors = arraysOf(fixturePath(name, 'io.safetensors'));
  const named = (prefix: string) =>
    Object.fromEntries([...tensors].filter(([k]) => k.startsWith(prefix)).map(([k, v]) => [k.slice(prefix.length), v]));
  return { inputs: named('in.'), outputs: named('out.') };
}

/** Every tensor of a safetensors file, in float64. */
export function arraysOf(path: string): ReadonlyMap<string, NdArray> {
  const file = memoryFile(new Uint8Array(readFileSync(path)), path);
  const read = readSafetensors(file, path);
  const arrays = new Map<string, NdArray>();
  for (const [name, tensor] of read.tensors) {
    if (tensor.dtype === undefined) throw new Error(`${name} has a type that archc does not have`);
    const bytes = wholeTensor(storedSource(tensor, tensor.dtype));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = tensor.shape.reduce((a, b) => a * b, 1);
    const data = Float64Array.from({ length: count }, (_, i) =>
      tensor.dtype === 'i64' ? Number(view.getBigInt64(8 * i, true)) : view.getFloat32(4 * i, true),
    );
    arrays.set(name, { dtype: tensor.dtype, shape: tensor.shape, data });
  }
  return arrays;
}

/** The largest difference of two tensors, as a share of the largest magnitude of the second. */
export function relativeError(got: NdArray, wanted: NdArray): number {
  let difference = 0;
  let scale = 0;
  for (const [i, w] of wanted.data.entries()) {
    const d = Math.abs((got.data[i] ?? Number.NaN) - w);
    if (!(d <= difference)) difference = d;
    scale = Math.max(scale, Math.abs(w));
  }
  return difference / scale;
}
