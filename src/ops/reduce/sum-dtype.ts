import { type DType, isInt } from '../types.js';

/** The element type of sums and products: i64 for integers and booleans of any width, as in PyTorch, so that narrow ones do not wrap around. */
export function sumDtype(dtype: DType): DType {
  return isInt(dtype) || dtype === 'bool' ? 'i64' : dtype;
}
