import { bf16FromF32Bits, f16FromF32Bits, f32BitsFromF16, f32BitsRoundedToOdd } from '../float16.js';

export type Float = 'f16' | 'bf16' | 'f32' | 'f64';

/**
 * Converts the elements of `source` into those of `target`, both little-endian and aligned. Widening is exact; narrowing rounds to nearest,
 * ties to even. Stops at the first finite value that would become infinite, and returns it. On machines that are not little-endian,
 * `source` is overwritten.
 */
export type FloatCast = (source: Uint8Array<ArrayBuffer>, target: Uint8Array<ArrayBuffer>) => number | undefined;

/** The conversions of single elements that `floatCast` needs. */
export const floatConversions = { f16FromF32Bits, bf16FromF32Bits, f32BitsFromF16, f32BitsRoundedToOdd };

/** The conversion from one float type to another. It is also sent to threads as text, so it may use nothing from outside but its arguments. */
export function floatCast(from: Float, to: Float, conversions: typeof floatConversions): FloatCast {
  const { f16FromF32Bits, bf16FromF32Bits, f32BitsFromF16, f32BitsRoundedToOdd } = conversions;
  const sizes = { f16: 2, bf16: 2, f32: 4, f64: 8 };
  const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  const widened = from === 'f16' ? Int32Array.from({ length: 1 << 16 }, (_, half) => f32BitsFromF16(half)) : new Int32Array();
  const narrow = to === 'f16' ? f16FromF32Bits : bf16FromF32Bits;
  const infinity = to === 'f16' ? 0x7c00 : 0x7f80;
  let room = new Int32Array();

  const swap = (bytes: Uint8Array, size: number): void => {
    for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  };

  /** The elements of `source` as bits of float32, written into `bits` unless they are float32 already. */
  const widen = ({ buffer, byteOffset }: Uint8Array<ArrayBuffer>, bits: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
    const count = bits.length;
    if (from === 'f32') return new Int32Array(buffer, byteOffset, count);
    // Rounding to odd makes it safe to round once more.
    if (from === 'f64') bits.set(f32BitsRoundedToOdd(new Float64Array(buffer, byteOffset, count)));
    else {
      const halves = new Uint16Array(buffer, byteOffset, count);
      if (from === 'f16') for (let i = 0; i < count; i++) bits[i] = widened[halves[i] as number] as number;
      else for (let i = 0; i < count; i++) bits[i] = (halves[i] as number) << 16;
    }
    return bits;
  };

  /** Returns the index of the first finite float32 that becomes infinite. */
  const narrowInto = (halves: Uint16Array, bits: Int32Array): number | undefined => {
    for (let i = 0; i < halves.length; i++) {
      const wide = bits[i] as number;
      const half = narrow(wide);
      if ((half & 0x7fff) === infinity && (wide & 0x7fffffff) !== 0x7f800000) return i;
      halves[i] = half;
    }
    return undefined;
  };

  const cast: FloatCast = (source, target) => {
    const count = target.length / sizes[to];
    const wide = from === 'f64' ? new Float64Array(source.buffer, source.byteOffset, count) : undefined;
    if (to === 'f32') {
      const floats = new Float32Array(target.buffer, target.byteOffset, count);
      if (wide === undefined) widen(source, new Int32Array(floats.buffer, floats.byteOffset, count));
      else floats.set(wide);
      return wide?.find((value, i) => Number.isFinite(value) && !Number.isFinite(floats[i]));
    }
    if (room.length < count) room = new Int32Array(count);
    const bits = widen(source, room.subarray(0, count));
    const floats = new Float32Array(bits.buffer, bits.byteOffset, count);
    if (to === 'f64') {
      new Float64Array(target.buffer, target.byteOffset, count).set(floats);
      return undefined;
    }
    const at = narrowInto(new Uint16Array(target.buffer, target.byteOffset, count), bits);
    return at === undefined ? undefined : (wide ?? floats)[at];
  };

  if (isLittleEndian) return cast;
  return (source, target) => {
    swap(source, sizes[from]);
    const tooLarge = cast(source, target);
    swap(target, sizes[to]);
    return tooLarge;
  };
}
