/**
 * Half precision by bit patterns, with ties to even and no double rounding; the same on every engine (`Float16Array` is not available
 * everywhere yet). NaN stays NaN, and values that are too large become infinite.
 */

/** float32 bits -> float16 bits. */
export function f16FromF32Bits(x: number): number {
  const sign = (x >>> 16) & 0x8000;
  const exponent = (x >>> 23) & 0xff;
  const mantissa = x & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200 | (mantissa >>> 13));
  const e = exponent - 112;
  if (e >= 31) return sign | 0x7c00;
  if (e > 0) return sign | (((e << 10) | (mantissa >>> 13)) + roundUp(mantissa, 13));
  if (e < -10) return sign;
  // Subnormal: the implicit one becomes explicit and is shifted to the fixed exponent 2^-14.
  const full = mantissa | 0x800000;
  return sign | ((full >>> (14 - e)) + roundUp(full, 14 - e));
}

/** 1 if dropping the lowest `bits` bits of `m` rounds up. */
function roundUp(m: number, bits: number): number {
  const rest = m & ((1 << bits) - 1);
  const half = 1 << (bits - 1);
  return rest > half || (rest === half && ((m >>> bits) & 1) === 1) ? 1 : 0;
}

/** float16 bits -> float32 bits. Exact. */
export function f32BitsFromF16(h: number): number {
  const sign = (h & 0x8000) << 16;
  const exponent = (h >>> 10) & 0x1f;
  const mantissa = h & 0x3ff;
  if (exponent === 0x1f) return (sign | 0x7f800000 | (mantissa << 13)) >>> 0;
  if (exponent > 0) return (sign | ((exponent + 112) << 23) | (mantissa << 13)) >>> 0;
  if (mantissa === 0) return sign >>> 0;
  const shift = Math.clz32(mantissa) - 21;
  return (sign | ((113 - shift) << 23) | (((mantissa << shift) & 0x3ff) << 13)) >>> 0;
}

/** float32 bits -> bfloat16 bits. */
export function bf16FromF32Bits(x: number): number {
  if ((x & 0x7fffffff) > 0x7f800000) return (x >>> 16) | 0x40;
  return ((x + 0x7fff + ((x >>> 16) & 1)) >>> 16) & 0xffff;
}

/** bfloat16 bits -> float32 bits. Exact. */
export function f32BitsFromBf16(b: number): number {
  return (b << 16) >>> 0;
}

/**
 * float64 values -> float32 bits, rounded to odd: rounding these to 16 bits gives the same as rounding the float64 directly (Boldo and
 * Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
 */
export function f32BitsRoundedToOdd(values: ArrayLike<number>): Uint32Array {
  const floats = new Float32Array(values.length);
  const bits = new Uint32Array(floats.buffer);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    floats[i] = value;
    const rounded = floats[i] ?? 0;
    if (rounded === value || Number.isNaN(value)) continue;
    const towardsZero = Math.abs(rounded) > Math.abs(value) ? (bits[i] ?? 0) - 1 : (bits[i] ?? 0);
    bits[i] = towardsZero | 1;
  }
  return bits;
}
