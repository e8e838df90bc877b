import type { DType, NdArray } from '../types.js';
import { mapped } from './map.js';

/** Rounds to the nearest whole number; halves to the even one, as IEEE 754, ONNX `Round` and `torch.round` do. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The value of `dtype` nearest to `x`. Integers are truncated and wrap around up to 32 bits; 64-bit ones are exact to 2^53. */
export function roundNumber(dtype: DType, x: number): number {
  switch (dtype) {
    case 'f64':
    case 'string':
      return x;
    case 'f32':
      return Math.fround(x);
    case 'f16':
      return roundMantissa(x, 10, -14, 65504);
    case 'bf16':
      return roundMantissa(x, 7, -126, 3.3895313892515355e38);
    case 'bool':
      return x === 0 ? 0 : 1;
    case 'i4':
      return (Math.trunc(x) << 28) >> 28;
    case 'u4':
      return Math.trunc(x) & 0xf;
    case 'i8':
      return (Math.trunc(x) << 24) >> 24;
    case 'i16':
      return (Math.trunc(x) << 16) >> 16;
    case 'i32':
      return Math.trunc(x) | 0;
    case 'u8':
      return Math.trunc(x) & 0xff;
    case 'u16':
      return Math.trunc(x) & 0xffff;
    case 'u32':
      return Math.trunc(x) >>> 0;
    case 'i64':
    case 'u64':
      return Math.trunc(x);
  }
}

/** `x` with every element rounded to what `dtype` (by default its own) can represent, and of that dtype. */
export function roundTo(dtype: DType, x: NdArray): NdArray {
  return mapped(x, (value) => roundNumber(dtype, value), dtype);
}

/** Rounds to `bits` of mantissa with exponents from `least` up; half a step beyond `largest` becomes infinity. */
function roundMantissa(x: number, bits: number, least: number, largest: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const step = 2 ** (Math.max(exponentOf(x), least) - bits);
  const rounded = roundHalfEven(x / step) * step;
  return Math.abs(rounded) > largest ? Math.sign(x) * Number.POSITIVE_INFINITY : rounded;
}

/** The exponent of the power of two at or below `|x|`, for finite `x` other than 0. */
function exponentOf(x: number): number {
  const size = Math.abs(x);
  const guess = Math.floor(Math.log2(size));
  if (2 ** guess > size) return guess - 1;
  return 2 ** (guess + 1) <= size ? guess + 1 : guess;
}
