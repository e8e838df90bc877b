import { describe, expect, test } from 'vitest';
import { bf16FromF32Bits, f16FromF32Bits, f32BitsFromBf16, f32BitsFromF16, f32BitsRoundedToOdd } from '../../src/6-emit/float16.js';
import { jsonFixture } from './fixture.js';

const reference = jsonFixture<Record<'f32' | 'f16' | 'bf16' | 'f16_as_f32' | 'bf16_as_f32', number[]>>('half.json');
const unsigned16 = (numbers: readonly number[]) => numbers.map((bits) => bits & 0xffff);
const unsigned32 = (numbers: readonly number[]) => numbers.map((bits) => bits >>> 0);

describe('half precision as in torch', () => {
  test('float32 to float16 and bfloat16', () => {
    expect(reference.f32.map((bits) => f16FromF32Bits(bits))).toEqual(unsigned16(reference.f16));
    expect(reference.f32.map((bits) => bf16FromF32Bits(bits))).toEqual(unsigned16(reference.bf16));
  });

  test('and back', () => {
    expect(unsigned16(reference.f16).map(f32BitsFromF16)).toEqual(unsigned32(reference.f16_as_f32));
    expect(unsigned16(reference.bf16).map(f32BitsFromBf16)).toEqual(unsigned32(reference.bf16_as_f32));
  });

  test('all 65,536 patterns survive the way through float32', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const isNan16 = (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;
      const f16 = f16FromF32Bits(f32BitsFromF16(bits));
      // A NaN stays a NaN; it may become a quiet one.
      if (isNan16 ? (f16 & 0x7c00) !== 0x7c00 || (f16 & 0x3ff) === 0 : f16 !== bits) expect(f16, `f16 ${bits}`).toBe(bits);
      const isNanB = (bits & 0x7f80) === 0x7f80 && (bits & 0x7f) !== 0;
      const bf16 = bf16FromF32Bits(f32BitsFromBf16(bits));
      if (isNanB ? (bf16 & 0x7f80) !== 0x7f80 || (bf16 & 0x7f) === 0 : bf16 !== bits) expect(bf16, `bf16 ${bits}`).toBe(bits);
    }
  });

  test('float64 is rounded once, not twice', () => {
    // Just above the middle between 1 and the next float16; as a float32 it is the middle itself, which would round down.
    const above = 1 + 2 ** -11 + 2 ** -40;
    expect(Math.fround(above)).toBe(1 + 2 ** -11);
    expect(f16FromF32Bits(f32BitsRoundedToOdd([above])[0] ?? 0)).toBe(0x3c01);
    expect(f16FromF32Bits(f32BitsRoundedToOdd([-(1 + 2 ** -11)])[0] ?? 0)).toBe(0xbc00);
    expect(bf16FromF32Bits(f32BitsRoundedToOdd([1 + 2 ** -8 + 2 ** -40])[0] ?? 0)).toBe(0x3f81);
    expect(f16FromF32Bits(f32BitsRoundedToOdd([1e300])[0] ?? 0)).toBe(0x7c00);
    expect(f16FromF32Bits(f32BitsRoundedToOdd([-1e-300])[0] ?? 0)).toBe(0x8000);
  });
});
