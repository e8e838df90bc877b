import { only } from './only.js';
import type { OnnxBuilder } from './onnx-builder.js';
import { type DType, dtypes } from './types.js';

/** `TensorProto.DataType`: how attributes of ONNX operators name element types. */
export const onnxDType: Readonly<Record<DType, number>> = {
  f32: 1,
  u8: 2,
  i8: 3,
  u16: 4,
  i16: 5,
  i32: 6,
  i64: 7,
  string: 8,
  bool: 9,
  f16: 10,
  f64: 11,
  u32: 12,
  u64: 13,
  bf16: 16,
  u4: 21,
  i4: 22,
};

/** The element type of the language with this number; undefined if the language does not have it (complex, float8, packed integers). */
export function dtypeOfOnnx(number: number): DType | undefined {
  return dtypes.find((dtype) => onnxDType[dtype] === number);
}

/** `x` converted to `dtype` by an ONNX Cast; `x` itself if it already has that type. */
export function castNode<V>(g: OnnxBuilder<V>, x: V, dtype: DType): V {
  const type = g.type(x);
  if (type.dtype === dtype) return x;
  return only(g.node('Cast', [x], { to: { int: onnxDType[dtype] } }, [{ ...type, dtype }]));
}
