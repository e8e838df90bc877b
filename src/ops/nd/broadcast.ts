import { InternalError } from '../../diagnostics/internal-error.js';
import { largest } from '../../lists.js';
import type { NdArray } from '../types.js';
import { ndArray, sizeOf, stridesOf } from './array.js';

/** The common shape of right-aligned shapes in which size 1 stretches. */
export function broadcastShape(...shapes: readonly (readonly number[])[]): number[] {
  const rank = largest(shapes.map((shape) => shape.length));
  const result: number[] = new Array(rank).fill(1);
  for (const shape of shapes) {
    const shift = rank - shape.length;
    for (const [i, n] of shape.entries()) {
      const other = result[i + shift];
      if (other === 1) result[i + shift] = n;
      else if (n !== 1 && n !== other) throw new InternalError(`[${shape.join(', ')}] does not broadcast to [${result.join(', ')}]`);
    }
  }
  return result;
}

/** Strides for reading an array of shape `from` as if it had the shape `to`: 0 on axes that are missing or stretched. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const own = stridesOf(from);
  const shift = to.length - from.length;
  return to.map((n, axis) => (axis < shift || (from[axis - shift] === 1 && n !== 1) ? 0 : (own[axis - shift] ?? 0)));
}

/** For each element of `shape` in row-major order, the offset given by `strides`, counted from `start`. Strides may be 0 or negative. */
export function offsetsOf(shape: readonly number[], strides: readonly number[], start = 0): Int32Array {
  const offsets = new Int32Array(sizeOf(shape));
  if (offsets.length === 0) return offsets;
  offsets[0] = start;
  let filled = 1;
  // Grows the table from the innermost axis outward: each further index on an axis repeats the existing part, shifted by its stride.
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const step = strides[axis] ?? 0;
    const block = filled;
    for (let index = 1; index < (shape[axis] ?? 1); index++) {
      const shift = index * step;
      for (let i = 0; i < block; i++) offsets[filled++] = (offsets[i] ?? 0) + shift;
    }
  }
  return offsets;
}

/** The array with elements `x.data[offsets[i]]`: views (transpose, slice, expand) are made with this. */
export function gathered(x: NdArray, shape: readonly number[], strides: readonly number[], start = 0): NdArray {
  const offsets = offsetsOf(shape, strides, start);
  const data = new Float64Array(offsets.length);
  for (let i = 0; i < data.length; i++) data[i] = x.data[offsets[i] as number] as number;
  return ndArray(x.dtype, shape, data);
}

/** `x` stretched to `shape`. */
export function expanded(x: NdArray, shape: readonly number[]): NdArray {
  return gathered(x, shape, broadcastStrides(x.shape, shape));
}
