import { bytesOf, type DType, isPacked } from '../../ops/types.js';

/** A tensor with its values, as in files and in ONNX Runtime: row-major, little-endian. */
export interface TensorData {
  readonly dtype: DType;
  /** The sizes of the axes, outermost first; a number alone has none. */
  readonly shape: readonly number[];
  /** `bytesOfElements(dtype, count)` bytes. */
  readonly bytes: Uint8Array;
}

/** The number of elements of a tensor with this shape; 1 for the shape of a number alone. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The typed array that views each element type; the 16-bit floats have none and are read as their bit patterns. */
type Elements =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/**
 * The elements of a tensor, row-major, as a view of its bytes; they are copied only if they are not aligned. Throws `TypeError` for strings,
 * which have no bytes, and for packed integers, which share them.
 */
export function elementsOf({ dtype, bytes }: TensorData): Elements {
  if (dtype === 'string' || isPacked(dtype)) throw new TypeError(`a tensor of ${dtype} has no bytes for each element`);
  const size = bytesOf[dtype];
  const whole = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const at = [whole.buffer, whole.byteOffset, whole.byteLength / size] as const;
  switch (dtype) {
    case 'f32':
      return new Float32Array(...at);
    case 'f64':
      return new Float64Array(...at);
    case 'i8':
      return new Int8Array(...at);
    case 'i16':
      return new Int16Array(...at);
    case 'i32':
      return new Int32Array(...at);
    case 'i64':
      return new BigInt64Array(...at);
    case 'u16':
    case 'f16':
    case 'bf16':
      return new Uint16Array(...at);
    case 'u32':
      return new Uint32Array(...at);
    case 'u64':
      return new BigUint64Array(...at);
    case 'u8':
    case 'bool':
      return new Uint8Array(...at);
  }
}
