import { nth } from '../only.js';
import type { DType, NdArray } from '../types.js';

/** The element types that ONNX accepts as indices. */
export const indexTypes: readonly DType[] = ['i64', 'i32'];

/** The element of `indices` at `position` as a position on an axis of `size`; negative ones count from the end. */
export function positionAt(indices: NdArray, position: number, size: number): number {
  const index = indices.data[position] ?? Number.NaN;
  const counted = index < 0 ? index + size : index;
  // Run-time data: ONNX Runtime also fails outside the axis.
  if (!(counted >= 0 && counted < size)) throw new RangeError(`index ${index} is outside an axis of size ${size}`);
  return counted;
}

/** Coordinates of row `row` of an index table `[..., width]` on the first `width` axes after `skip`, as an offset. */
export function rowOffset(
  indices: NdArray,
  row: number,
  width: number,
  shape: readonly number[],
  strides: readonly number[],
  skip = 0,
): number {
  let offset = 0;
  for (let k = 0; k < width; k++) {
    offset += positionAt(indices, row * width + k, nth(shape, skip + k)) * nth(strides, skip + k);
  }
  return offset;
}
