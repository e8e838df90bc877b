import { InternalError } from '../../diagnostics/internal-error.js';
import type { Int64 } from './proto.js';

/** The 64 bits of an integer as two signed 32-bit halves, which protobufjs accepts as a `Long`. */
export interface LongBits {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

/**
 * protobufjs writes a bigint as 0 and rounds numbers beyond 2^53 silently, so every 64-bit field goes through here. Throws `InternalError`
 * for anything that is not a 64-bit integer.
 */
export function longBits(value: Int64, unsigned: boolean): LongBits {
  const exact = BigInt(checkedInt64(value, unsigned));
  const bits = BigInt.asUintN(64, exact);
  return { low: Number(bits & 0xffff_ffffn) | 0, high: Number(bits >> 32n) | 0, unsigned };
}

/** `value` itself if it is an exact integer in the range of the field. */
export function checkedInt64(value: Int64, unsigned: boolean): Int64 {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && (value >= 0 || !unsigned)) return value;
  } else if (value === (unsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value))) {
    return value;
  }
  throw new InternalError(`${value} is not an exact ${unsigned ? 'uint64' : 'int64'}`);
}

/** The number with these bits, as a bigint if a number could not hold it exactly. */
export function fromLongBits(bits: { readonly low: number; readonly high: number }, unsigned: boolean): Int64 {
  const high = unsigned ? bits.high >>> 0 : bits.high | 0;
  const value = high * 0x1_0000_0000 + (bits.low >>> 0);
  if (Number.isSafeInteger(value)) return value;
  return (BigInt(high) << 32n) | BigInt(bits.low >>> 0);
}
