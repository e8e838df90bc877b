import { onnxDType } from '../../ops/onnx-cast.js';
import type { DType } from '../../ops/types.js';

const dtypeByDataType: ReadonlyMap<number, DType> = new Map(Object.entries(onnxDType).map(([dtype, number]) => [number, dtype as DType]));

/** The element type with this number, or undefined for one that archc does not have (complex, float8, packed integers). */
export function dtypeOfDataType(dataType: number): DType | undefined {
  return dtypeByDataType.get(dataType);
}
