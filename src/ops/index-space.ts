import { sizeOf } from './nd/array.js';
import type { NdArray } from './types.js';

/** Visits each index of `shape` in row-major order. The index is one array that is modified between visits: copy it to keep it. */
export function eachIndex(shape: readonly number[], visit: (index: readonly number[], position: number) => void): void {
  const count = sizeOf(shape);
  const index = new Array<number>(shape.length).fill(0);
  for (let position = 0; position < count; position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      index[axis] = 0;
    }
  }
}

/** The row-major position of an index. */
export function positionOf(index: readonly number[], strides: readonly number[]): number {
  let position = 0;
  for (const [axis, stride] of strides.entries()) position += stride * (index[axis] ?? 0);
  return position;
}

/** The element at `position`; the evaluators stay inside their arrays, and an index that does not gives a NaN that tests see. */
export function at(array: NdArray, position: number): number {
  return array.data[position] ?? Number.NaN;
}

/** A tensor of `shape` and the dtype of `x` whose elements are those of `x` at `source(index)`; `missing` where that is undefined. */
export function pick(x: NdArray, shape: readonly number[], source: (index: readonly number[]) => number | undefined, missing = 0): NdArray {
  const data = new Float64Array(sizeOf(shape));
  eachIndex(shape, (index, position) => {
    const from = source(index);
    data[position] = from === undefined ? missing : at(x, from);
  });
  return { dtype: x.dtype, shape, data };
}
