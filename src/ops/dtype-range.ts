import { lowestFinite } from './float-limits.js';
import { roundNumber } from './nd/round.js';
import { bitsOf, type DType, isFloat } from './types.js';

/** The limits of a numeric type; infinity is beyond them. */
export interface DTypeRange {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The lowest and highest finite values; `undefined` for booleans and strings. The highest of i64 and u64 are rounded up by 1, as JavaScript
 * has no closer number.
 */
export function rangeOf(dtype: DType): DTypeRange | undefined {
  if (dtype === 'bool' || dtype === 'string') return undefined;
  if (isFloat(dtype)) return { lowest: lowestFinite(dtype), highest: -lowestFinite(dtype) };
  const bits = bitsOf[dtype];
  return dtype.startsWith('u') ? { lowest: 0, highest: 2 ** bits - 1 } : { lowest: -(2 ** (bits - 1)), highest: 2 ** (bits - 1) - 1 };
}

/** Whether the type can represent this number, with floats rounded: a finite number must not become infinite, and integers have no fractions. */
export function holds(dtype: DType, value: number): boolean {
  if (dtype === 'bool' || dtype === 'string') return true;
  if (isFloat(dtype)) return !Number.isFinite(value) || Number.isFinite(roundNumber(dtype, value));
  const { lowest, highest } = rangeOf(dtype) as DTypeRange;
  return Number.isInteger(value) && value >= lowest && value <= highest;
}
