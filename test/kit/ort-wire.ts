import { f16FromF32Bits, f32BitsFromF16, f32BitsRoundedToOdd } from '../../src/6-emit/float16.js';
import type { DType, NdArray } from '../../src/ops/types.js';
import { isRuntimeDType, type RuntimeDType, runtimeTypes } from '../../src/runtime/pure/runtime-types.js';

/** A tensor on the way to ONNX Runtime in another process or page, or back. For types without a JavaScript array, the data are bit patterns. */
export interface Wire {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number | bigint> | readonly string[];
}

/** An array in the form that ONNX Runtime takes. */
export function toWire({ dtype, shape, data }: NdArray): Wire {
  if (!isRuntimeDType(dtype)) throw new Error(`onnxruntime-node takes no input of type ${dtype}: put a Cast before it`);
  return { dtype: runtimeTypes[dtype], shape, data: elements(dtype, data) };
}

function elements(dtype: RuntimeDType, data: Float64Array): ArrayLike<number | bigint> {
  switch (dtype) {
    case 'f16':
      return Uint16Array.from(f32BitsRoundedToOdd(data), f16FromF32Bits);
    case 'f32':
      return Float32Array.from(data);
    case 'f64':
      return data;
    case 'i8':
      return Int8Array.from(data);
    case 'i16':
      return Int16Array.from(data);
    case 'i32':
      return Int32Array.from(data);
    case 'i64':
      return BigInt64Array.from([...data].map(BigInt));
    case 'u8':
    case 'bool':
      return Uint8Array.from(data);
    case 'u16':
      return Uint16Array.from(data);
    case 'u32':
      return Uint32Array.from(data);
    case 'u64':
      return BigUint64Array.from([...data].map(BigInt));
  }
}

/** A result of ONNX Runtime as an array. */
export function fromWire(name: string, wire: Wire): NdArray {
  const dtype = Object.entries(runtimeTypes).find(([, type]) => type === wire.dtype)?.[0] as DType | undefined;
  if (dtype === undefined) throw new Error(`output ${name} has type ${wire.dtype}: put a Cast behind it`);
  const { data } = wire as { data: ArrayLike<number | bigint> };
  if (dtype !== 'f16') return { dtype, shape: wire.shape, data: Float64Array.from(data as ArrayLike<number>, Number) };
  const bits = Uint32Array.from(data as ArrayLike<number>, f32BitsFromF16);
  return { dtype, shape: wire.shape, data: Float64Array.from(new Float32Array(bits.buffer)) };
}
