import { ndArray } from '../nd/array.js';
import { nth } from '../only.js';
import type { NdArray } from '../types.js';

/** `x [..., K]` times the transpose of a matrix of `rows` rows. */
export function timesRows(x: NdArray, matrix: ArrayLike<number>, rows: number): NdArray {
  const columns = nth(x.shape, x.shape.length - 1);
  const y = ndArray(x.dtype, [...x.shape.slice(0, -1), rows]);
  for (let at = 0; at < y.data.length; at++) {
    const [from, row] = [Math.floor(at / rows) * columns, (at % rows) * columns];
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += (x.data[from + k] as number) * (matrix[row + k] as number);
    y.data[at] = sum;
  }
  return y;
}
