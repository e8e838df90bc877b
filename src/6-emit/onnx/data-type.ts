import { onnxDType } from '../../ops/onnx-cast.js';
import { bitsOf, type DType, isPacked, type WholeDType } from '../../ops/types.js';

const dtypeByDataType: ReadonlyMap<number, DType> = new Map(Object.entries(onnxDType).map(([dtype, number]) => [number, dtype as DType]));

/** Element types that archc does not have: name and bits of one element. */
const otherTypes: ReadonlyMap<number, readonly [name: string, bits: number]> = new Map([
  [14, ['complex64', 64]],
  [15, ['complex128', 128]],
  [17, ['f8e4m3fn', 8]],
  [18, ['f8e4m3fnuz', 8]],
  [19, ['f8e5m2', 8]],
  [20, ['f8e5m2fnuz', 8]],
  [23, ['f4e2m1', 4]],
  [24, ['f8e8m0', 8]],
  [25, ['u2', 2]],
  [26, ['i2', 2]],
]);

/** The name of an element type, archc's or not; `?` for a number that no version of ONNX has. */
export function nameOfDataType(dataType: number): string {
  return dtypeByDataType.get(dataType) ?? otherTypes.get(dataType)?.[0] ?? '?';
}

/** Bits of one element; 0 if elements have no fixed size. */
export function bitsOfDataType(dataType: number): number {
  const dtype = dtypeByDataType.get(dataType);
  return dtype === undefined ? (otherTypes.get(dataType)?.[1] ?? 0) : bitsOf[dtype];
}

/** The element type of the language with this number; undefined if the language does not have it (complex, float8, packed integers). */
export function dtypeOfDataType(dataType: number): WholeDType | undefined {
  const dtype = dtypeByDataType.get(dataType);
  return dtype === undefined || isPacked(dtype) ? undefined : dtype;
}
