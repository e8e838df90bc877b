import type { Tensor } from 'onnxruntime-node';
import type { DType } from '../../ops/types.js';

/** ONNX Runtime's names for the element types. In JavaScript it has none for bf16, and strings have no bytes. */
export const runtimeTypes: Readonly<Record<Exclude<DType, 'bf16' | 'string'>, Tensor.Type>> = {
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
};
