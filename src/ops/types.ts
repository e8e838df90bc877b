import type { Dim } from '../dims/dim.js';

/** The element types of the language. Their elements take whole bytes. */
export const dtypes = ['f16', 'bf16', 'f32', 'f64', 'i8', 'i16', 'i32', 'i64', 'u8', 'u16', 'u32', 'u64', 'bool', 'string'] as const;
export type WholeDType = (typeof dtypes)[number];

/** Integers of 4 bits, two of which share a byte. Only the stored tensors of quantized models have them; the language does not. */
export const packedDTypes = ['u4', 'i4'] as const;
export type PackedDType = (typeof packedDTypes)[number];

export type DType = WholeDType | PackedDType;

/** Classes of element types that shape rules require. */
export type DTypeClass = 'float' | 'int' | 'number' | 'bool' | 'summable' | 'any';

const floats: readonly DType[] = ['f16', 'bf16', 'f32', 'f64'];
const ints: readonly DType[] = ['i8', 'i16', 'i32', 'i64', 'u8', 'u16', 'u32', 'u64'];

export function isFloat(dtype: DType): boolean {
  return floats.includes(dtype);
}

export function isInt(dtype: DType): boolean {
  return ints.includes(dtype);
}

export function isPacked(dtype: DType): dtype is PackedDType {
  return dtype === 'u4' || dtype === 'i4';
}

export function inClass(dtype: DType, wanted: DTypeClass): boolean {
  switch (wanted) {
    case 'float':
      return isFloat(dtype);
    case 'int':
      return isInt(dtype);
    case 'number':
      return isFloat(dtype) || isInt(dtype);
    case 'bool':
      return dtype === 'bool';
    case 'summable':
      return dtype !== 'string';
    case 'any':
      return true;
  }
}

/** Bytes of one element; 0 for `string`, which has no fixed size. Packed types are left out: see `bytesOfElements`. */
export const bytesOf: Readonly<Record<WholeDType, number>> = {
  f16: 2,
  bf16: 2,
  f32: 4,
  f64: 8,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  bool: 1,
  string: 0,
};

/** Bits of one element; 0 for `string`. */
export const bitsOf: Readonly<Record<DType, number>> = {
  ...(Object.fromEntries(dtypes.map((dtype) => [dtype, 8 * bytesOf[dtype]])) as Record<WholeDType, number>),
  u4: 4,
  i4: 4,
};

/** Bytes of a tensor with `count` elements; with an odd number of packed ones, the last byte is half empty. */
export function bytesOfElements(dtype: DType, count: number): number {
  return isPacked(dtype) ? Math.ceil(count / 2) : count * bytesOf[dtype];
}

export type Shape = readonly Dim[];

/** The type of a tensor: element type and symbolic shape. A scalar has the empty shape. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** `[N, 3, H, W]`, or `i64[N, T]` when the element type is not `plain`. */
export function showType(type: TensorType, plain: DType = 'f32'): string {
  return `${type.dtype === plain ? '' : type.dtype}${showShape(type.shape)}`;
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/**
 * A concrete tensor for reference evaluation and constant folding: row-major, every element as float64 whatever the dtype
 * (booleans are 0 and 1, integers are exact up to 2^53).
 */
export interface NdArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}
