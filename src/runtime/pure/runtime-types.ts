import type { DType, WholeDType } from '../../ops/types.js';

/** The element types that ONNX Runtime can be given from JavaScript: it has none for bf16 and for packed integers, and strings have no bytes. */
export type RuntimeDType = Exclude<WholeDType, 'bf16' | 'string'>;

/** ONNX Runtime's names for the element types. */
export const runtimeTypes = {
  f16: 'float16',
  f32: 'float32',
  f64: 'float64',
  i8: 'int8',
  i16: 'int16',
  i32: 'int32',
  i64: 'int64',
  u8: 'uint8',
  u16: 'uint16',
  u32: 'uint32',
  u64: 'uint64',
  bool: 'bool',
} as const satisfies Readonly<Record<RuntimeDType, string>>;

/** Whether a tensor of this type can be given to ONNX Runtime. */
export function isRuntimeDType(dtype: DType): dtype is RuntimeDType {
  return Object.hasOwn(runtimeTypes, dtype);
}
