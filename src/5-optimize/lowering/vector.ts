import { Dim } from '../../dims/dim.js';
import type { NdArray, TensorType } from '../../ops/types.js';

/** Small constant arrays. */
export const vector = {
  ints(values: readonly number[]): NdArray {
    return { dtype: 'i64', shape: [values.length], data: Float64Array.from(values) };
  },
  typeOf(array: NdArray): TensorType {
    return { dtype: array.dtype, shape: array.shape.map((n) => Dim.of(n)) };
  },
};
