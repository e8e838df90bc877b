import type { DType } from '../../ops/types.js';

/** `TensorProto.DataType`. */
export const dataTypeOf: Readonly<Record<DType, number>> = {
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
};

const dtypeByDataType: ReadonlyMap<number, DType> = new Map(Object.entries(dataTypeOf).map(([dtype, number]) => [number, dtype as DType]));

/** The element type with this number, or undefined for one that archc does not have (complex, float8, packed integers). */
export function dtypeOfDataType(dataType: number): DType | undefined {
  return dtypeByDataType.get(dataType);
}
