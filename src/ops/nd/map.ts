import type { DType, NdArray } from '../types.js';
import { ndArray } from './array.js';
import { broadcastShape, broadcastStrides, offsetsOf } from './broadcast.js';

/** `f` of every element. */
export function mapped(x: NdArray, f: (value: number) => number, dtype: DType = x.dtype): NdArray {
  const data = new Float64Array(x.data.length);
  for (let i = 0; i < data.length; i++) data[i] = f(x.data[i] as number);
  return ndArray(dtype, x.shape, data);
}

/** `f` of every pair of elements, after broadcasting. */
export function zipped(a: NdArray, b: NdArray, f: (a: number, b: number) => number, dtype: DType = a.dtype): NdArray {
  const shape = broadcastShape(a.shape, b.shape);
  const ia = offsetsOf(shape, broadcastStrides(a.shape, shape));
  const ib = offsetsOf(shape, broadcastStrides(b.shape, shape));
  const data = new Float64Array(ia.length);
  for (let i = 0; i < data.length; i++) data[i] = f(a.data[ia[i] as number] as number, b.data[ib[i] as number] as number);
  return ndArray(dtype, shape, data);
}
