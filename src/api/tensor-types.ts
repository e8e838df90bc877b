/** The typed array that has the elements of a tensor, by their type. */
export interface ElementArrays {
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  /** Bit patterns, as those of bf16. */
  readonly f16: Uint16Array;
  readonly bf16: Uint16Array;
  readonly i8: Int8Array;
  readonly i16: Int16Array;
  readonly i32: Int32Array;
  readonly i64: BigInt64Array;
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly u64: BigUint64Array;
  /** 0 or 1. */
  readonly bool: Uint8Array;
}

/** The array of 16-bit floats where the engine and the compiler's `lib` have it; otherwise, bit patterns are given. */
type Halves = typeof globalThis extends { Float16Array: { readonly prototype: infer Elements } } ? Elements : never;

/** The typed arrays that an input takes, by its element type. */
export interface InputArrays extends Omit<ElementArrays, 'f16' | 'i64' | 'u8'> {
  readonly f16: Uint16Array | Halves;
  readonly i64: BigInt64Array | Int32Array;
  readonly u8: Uint8Array | Uint8ClampedArray;
}

/** One element in a list for an input, by its element type. */
export type InputValue<Type extends keyof InputArrays> = Type extends 'bool'
  ? boolean
  : Type extends 'i64' | 'u64'
    ? number | bigint
    : number;

/** The elements of an input in row-major order. */
export type InputElements<Type extends keyof InputArrays> = InputArrays[Type] | readonly InputValue<Type>[];

/** Elements in row-major order with their sizes: `tensor(data, dims)`. */
export interface SizedTensor<Data, Dims extends readonly unknown[]> {
  readonly data: Data;
  readonly shape: Readonly<Dims>;
}

/** Lists in lists, one level for each axis. */
export type NestedLists<Value, Dims extends readonly unknown[]> = Dims extends readonly [unknown, ...infer Rest]
  ? readonly NestedLists<Value, Rest>[]
  : Value;

/** What an input takes that leaves several sizes open: elements with their sizes, or lists. */
export type SizedInput<Type extends keyof InputArrays, Dims extends readonly unknown[]> =
  | SizedTensor<InputElements<Type>, Dims>
  | NestedLists<InputValue<Type>, Dims>;

/** What an input takes that leaves at most one size open: the elements alone, too. */
export type Input<Type extends keyof InputArrays, Dims extends readonly unknown[]> = SizedInput<Type, Dims> | InputElements<Type>;

/** The pixels of an `ImageData`, for an input of RGB planes: numbers from 0 to 1, without alpha. */
export interface ImageInput {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/** In a message of TypeScript: inputs that share a size have it differently. */
export interface UnequalSizes<Sizes> {
  readonly unequal: Sizes;
}

/** Sizes that other inputs share. */
export type Same<Dims extends readonly unknown[]> = true extends { [Axis in keyof Dims]: IsUnion<Dims[Axis]> }[number]
  ? { [Axis in keyof Dims]: true extends IsUnion<Dims[Axis]> ? UnequalSizes<Dims[Axis]> : Dims[Axis] }
  : Dims;

type IsUnion<Size, All = Size> = Size extends unknown ? ([All] extends [Size] ? false : true) : never;
