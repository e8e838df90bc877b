import { InternalError } from '../../diagnostics/internal-error.js';
import { bytesOf, type DType, isFloat } from '../../ops/types.js';
import { bf16FromF32Bits, f16FromF32Bits, f32BitsFromBf16, f32BitsFromF16, f32BitsRoundedToOdd } from '../float16.js';
import { rawElements } from '../onnx/raw-data.js';
import type { StoredTensor } from './stored-tensor.js';
import type { TensorSource } from './tensor-source.js';

/** Bytes read at a time: a multiple of every element size. */
const blockBytes = 1 << 20;

/** Stored floats can become floats of any width; no other type can change without changing its meaning. */
export function canCast(from: DType, to: DType): boolean {
  return from === to || (isFloat(from) && isFloat(to));
}

/**
 * The bytes of a stored tensor, as elements of `dtype`; the two types must have passed `canCast`. Reading them throws what `tooLarge` makes of a finite value
 * that would become infinite.
 */
export function storedSource(
  tensor: StoredTensor,
  dtype: DType,
  tooLarge = (value: number): Error => new InternalError(`${value} is too large for ${dtype}`),
): TensorSource {
  const { file, offset, length } = tensor;
  const from = tensor.dtype;
  if (from === undefined || from === dtype) {
    const stored = file.place === undefined ? undefined : { path: file.place, offset };
    return { length, stored, blocks: () => fileBlocks(tensor) };
  }
  return {
    length: (length / bytesOf[from]) * bytesOf[dtype],
    *blocks() {
      for (let at = 0; at < length; at += blockBytes) {
        yield castBlock(file.read(offset + at, Math.min(blockBytes, length - at)), from, dtype, tooLarge);
      }
    },
  };
}

function* fileBlocks({ file, offset, length }: StoredTensor): Iterable<Uint8Array> {
  for (let at = 0; at < length; at += blockBytes) yield file.read(offset + at, Math.min(blockBytes, length - at));
}

/** Widening is exact; narrowing rounds to nearest, ties to even. A finite number that becomes infinite is an error. */
function castBlock(bytes: Uint8Array, from: DType, to: DType, tooLarge: (value: number) => Error): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (from === 'f64' || to === 'f64') {
    const values = toFloat64(view, from);
    if (to !== 'f64') checkFinite(values, to, tooLarge);
    return rawElements(to, values);
  }
  const count = bytes.length / bytesOf[from];
  const cast = new Uint8Array(count * bytesOf[to]);
  const out = new DataView(cast.buffer);
  const infinity = to === 'f16' ? 0x7c00 : 0x7f80;
  for (let i = 0; i < count; i++) {
    const bits = floatBits(view, from, i);
    if (to === 'f32') {
      out.setUint32(4 * i, bits, true);
      continue;
    }
    const narrow = to === 'f16' ? f16FromF32Bits(bits) : bf16FromF32Bits(bits);
    if ((narrow & 0x7fff) === infinity && (bits & 0x7fffffff) !== 0x7f800000) throw tooLarge(toFloat64(view, from)[i] ?? 0);
    out.setUint16(2 * i, narrow, true);
  }
  return cast;
}

/** Element `i` as the bits of a float32. */
function floatBits(view: DataView, from: DType, i: number): number {
  if (from === 'f32') return view.getUint32(4 * i, true);
  const bits = view.getUint16(2 * i, true);
  return from === 'f16' ? f32BitsFromF16(bits) : f32BitsFromBf16(bits);
}

function toFloat64(view: DataView, from: DType): Float64Array {
  const values = new Float64Array(view.byteLength / bytesOf[from]);
  if (from === 'f64') {
    for (let i = 0; i < values.length; i++) values[i] = view.getFloat64(8 * i, true);
    return values;
  }
  const bits = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) bits[i] = floatBits(view, from, i);
  values.set(new Float32Array(bits.buffer));
  return values;
}

function checkFinite(values: Float64Array, to: DType, tooLarge: (value: number) => Error): void {
  const bits = f32BitsRoundedToOdd(values);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i] ?? 0)) continue;
    const b = bits[i] ?? 0;
    const isInfinite =
      to === 'f32'
        ? !Number.isFinite(Math.fround(values[i] ?? 0))
        : to === 'f16'
          ? (f16FromF32Bits(b) & 0x7fff) === 0x7c00
          : (bf16FromF32Bits(b) & 0x7fff) === 0x7f80;
    if (isInfinite) throw tooLarge(values[i] ?? 0);
  }
}
