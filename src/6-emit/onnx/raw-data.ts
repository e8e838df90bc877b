import { InternalError } from '../../diagnostics/internal-error.js';
import { bitsOf, bytesOfElements, type DType, isPacked, type NdArray, type PackedDType, type WholeDType } from '../../ops/types.js';
import { bf16FromF32Bits, f16FromF32Bits, f32BitsFromBf16, f32BitsFromF16, f32BitsRoundedToOdd } from '../float16.js';

/**
 * The elements of an array as `TensorProto.raw_data`: row-major, little-endian. Floats are rounded to the element type (ties to even). An
 * integer that the type cannot hold is a bug of the caller and throws `InternalError`; only 2^63, which is the value of INT64_MAX as a
 * JavaScript number, becomes INT64_MAX. Where two packed integers share a byte, the first has the lower bits.
 */
export function rawData(array: NdArray): Uint8Array {
  return rawElements(array.dtype, array.data);
}

/** The same for a list of elements. */
export function rawElements(dtype: DType, data: Float32Array | Float64Array): Uint8Array {
  if (dtype === 'f32' && isLittleEndian()) {
    const { buffer, byteOffset, byteLength } = data instanceof Float32Array ? data : new Float32Array(data);
    return new Uint8Array(buffer, byteOffset, byteLength);
  }
  const bytes = new Uint8Array(bytesOfElements(dtype, data.length));
  if (isPacked(dtype)) {
    for (let i = 0; i < data.length; i++) bytes[i >> 1] = (bytes[i >> 1] ?? 0) | ((integer(data[i] ?? 0, dtype) & 0xf) << (4 * (i & 1)));
    return bytes;
  }
  const view = new DataView(bytes.buffer);
  if (dtype === 'f16' || dtype === 'bf16') {
    const narrow = dtype === 'f16' ? f16FromF32Bits : bf16FromF32Bits;
    const odd = f32BitsRoundedToOdd(data);
    for (let i = 0; i < odd.length; i++) view.setUint16(2 * i, narrow(odd[i] ?? 0), true);
  } else {
    const put = elementWriter(dtype, view);
    for (let i = 0; i < data.length; i++) put(i, data[i] ?? 0);
  }
  return bytes;
}

function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}

function elementWriter(dtype: Exclude<WholeDType, 'f16' | 'bf16'>, view: DataView): (i: number, value: number) => void {
  switch (dtype) {
    case 'f32':
      return (i, value) => view.setFloat32(4 * i, value, true);
    case 'f64':
      return (i, value) => view.setFloat64(8 * i, value, true);
    case 'i8':
    case 'u8':
      return (i, value) => view.setUint8(i, integer(value, dtype));
    case 'i16':
    case 'u16':
      return (i, value) => view.setUint16(2 * i, integer(value, dtype), true);
    case 'i32':
    case 'u32':
      return (i, value) => view.setUint32(4 * i, integer(value, dtype), true);
    case 'i64':
      return (i, value) => view.setBigInt64(8 * i, value === 2 ** 63 ? 2n ** 63n - 1n : BigInt(integer(value, dtype)), true);
    case 'u64':
      return (i, value) => view.setBigUint64(8 * i, BigInt(integer(value, dtype)), true);
    case 'bool':
      return (i, value) => view.setUint8(i, value === 0 ? 0 : 1);
    case 'string':
      throw new InternalError('a tensor of strings has no raw data');
  }
}

type IntType = PackedDType | 'i8' | 'i16' | 'i32' | 'i64' | 'u8' | 'u16' | 'u32' | 'u64';

function integer(value: number, dtype: IntType): number {
  const bits = bitsOf[dtype];
  const [low, high] = dtype.startsWith('u') ? [0, 2 ** bits] : [-(2 ** (bits - 1)), 2 ** (bits - 1)];
  if (!Number.isInteger(value) || value < low || value >= high) throw new InternalError(`${value} is not an ${dtype}`);
  return value;
}

/** The elements of `TensorProto.raw_data` as numbers: the inverse of `rawElements`. Integers beyond 2^53 are rounded. */
export function elementsOfRaw(dtype: DType, bytes: Uint8Array, count: number): Float64Array {
  if (bytes.length !== bytesOfElements(dtype, count))
    throw new InternalError(`${bytes.length} bytes are not ${count} elements of ${dtype}`);
  if (isPacked(dtype)) return Float64Array.from({ length: count }, (_, i) => packedElement(dtype, (bytes[i >> 1] ?? 0) >> (4 * (i & 1))));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = new Float64Array(count);
  if (dtype === 'f16' || dtype === 'bf16') {
    const widen = dtype === 'f16' ? f32BitsFromF16 : f32BitsFromBf16;
    const bits = Uint32Array.from(values, (_, i) => widen(view.getUint16(2 * i, true)));
    values.set(new Float32Array(bits.buffer));
    return values;
  }
  const get = elementReader(dtype, view);
  for (let i = 0; i < values.length; i++) values[i] = get(i);
  return values;
}

/** The lowest four bits as a number. */
function packedElement(dtype: PackedDType, bits: number): number {
  return dtype === 'u4' ? bits & 0xf : (bits << 28) >> 28;
}

function elementReader(dtype: Exclude<WholeDType, 'f16' | 'bf16'>, view: DataView): (i: number) => number {
  switch (dtype) {
    case 'f32':
      return (i) => view.getFloat32(4 * i, true);
    case 'f64':
      return (i) => view.getFloat64(8 * i, true);
    case 'i8':
      return (i) => view.getInt8(i);
    case 'u8':
    case 'bool':
      return (i) => view.getUint8(i);
    case 'i16':
      return (i) => view.getInt16(2 * i, true);
    case 'u16':
      return (i) => view.getUint16(2 * i, true);
    case 'i32':
      return (i) => view.getInt32(4 * i, true);
    case 'u32':
      return (i) => view.getUint32(4 * i, true);
    case 'i64':
      return (i) => Number(view.getBigInt64(8 * i, true));
    case 'u64':
      return (i) => Number(view.getBigUint64(8 * i, true));
    case 'string':
      throw new InternalError('a tensor of strings has no raw data');
  }
}
