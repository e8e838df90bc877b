import type { NdArray } from '../../ops/types.js';

/** An int64 vector. */
export function vector(values: readonly number[]): NdArray {
  return { dtype: 'i64', shape: [values.length], data: Float64Array.from(values) };
}
