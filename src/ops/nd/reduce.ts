import type { DType, NdArray } from '../types.js';
import { ndArray } from './array.js';
import { broadcastStrides, offsetsOf } from './broadcast.js';

/** The shape after reducing `axes` (counted from 0). */
function reducedShape(shape: readonly number[], axes: readonly number[], keep: boolean): number[] {
  return shape.flatMap((n, axis) => (!axes.includes(axis) ? [n] : keep ? [1] : []));
}

/** Folds `x` over `axes` (counted from 0), starting from `start`. */
export function folded(
  x: NdArray,
  axes: readonly number[],
  keep: boolean,
  start: number,
  step: (accumulated: number, value: number) => number,
  dtype: DType = x.dtype,
): NdArray {
  const kept = reducedShape(x.shape, axes, true);
  // Strides in the result, read as if it had the shape of x: the offset of an element is the position where it is accumulated.
  const places = offsetsOf(x.shape, broadcastStrides(kept, x.shape));
  const result = ndArray(dtype, reducedShape(x.shape, axes, keep));
  result.data.fill(start);
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    result.data[place] = step(result.data[place] as number, x.data[i] as number);
  }
  return result;
}
