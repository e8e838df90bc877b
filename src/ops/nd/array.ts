import { InternalError } from '../../diagnostics/internal-error.js';
import type { DType, NdArray } from '../types.js';

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** Row-major strides in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = new Array(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] ?? 1;
  }
  return strides;
}

/** An array over `data`, or zeros; checks that the lengths agree. */
export function ndArray(dtype: DType, shape: readonly number[], data: Float64Array = new Float64Array(sizeOf(shape))): NdArray {
  if (data.length !== sizeOf(shape)) throw new InternalError(`${data.length} elements do not fill [${shape.join(', ')}]`);
  return { dtype, shape, data };
}

/** The same elements in another shape. */
export function reshaped(x: NdArray, shape: readonly number[]): NdArray {
  return ndArray(x.dtype, shape, x.data);
}
