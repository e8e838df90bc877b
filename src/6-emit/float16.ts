/**
 * Half precision by bit patterns, with ties to even and no double rounding; the same on every engine (`Float16Array` is not available
 * everywhere yet). NaN stays NaN, and values that are too large become infinite. The functions are also sent to threads as text, so none of them may use
 * anything from outside.
 */

/** float32 bits -> float16 bits. */
export function f16FromF32Bits(x: number): number {
  const sign = (x >>> 16) & 0x8000;
  const magnitude = x & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | 0x7c00 | (magnitude === 0x7f800000 ? 0 : 0x200 | ((magnitude & 0x7fffff) >>> 13));
  // Adding half a unit, minus one where the last kept bit is even, turns truncation into rounding; a carry goes into the exponent.
  if (magnitude >= 0x38800000) {
    const rounded = (magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13;
    return sign | Math.min(rounded, 0x7c00);
  }
  if (magnitude < 0x33000000) return sign;
  // Subnormal: the implicit one becomes explicit and is shifted to the fixed exponent 2^-14.
  const full = (magnitude & 0x7fffff) | 0x800000;
  const shift = 126 - (magnitude >>> 23);
  return sign | ((full + (1 << (shift - 1)) - 1 + ((full >>> shift) & 1)) >>> shift);
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
