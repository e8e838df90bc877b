import type { Attrs, Values } from './attrs.js';
import type { Inputs, OptionalInput, VariadicInput } from './define.js';
import type { DType } from './types.js';

/** How a test makes one input. `values` fixes the data; otherwise it is drawn uniformly from `[min, max)` (for integers, whole numbers). */
export interface SampleTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly number[];
}

/** One concrete call. From these alone, the tests check shape rule, evaluation, gradient and ONNX form. */
export interface Sample<I extends Inputs, A extends Attrs> {
  readonly inputs: {
    readonly [K in keyof I as I[K] extends OptionalInput ? never : K]: I[K] extends VariadicInput ? readonly SampleTensor[] : SampleTensor;
  } & { readonly [K in keyof I as I[K] extends OptionalInput ? K : never]?: SampleTensor };
  readonly attrs?: Partial<Values<A>>;
  /** Why the result may be less exact than 1e-5 relative; `tolerance` then says how much. */
  readonly tolerance?: { readonly relative: number; readonly because: string };
}

/** A float32 tensor; away from kinks and poles by choosing `min` and `max`. */
export function floats32(shape: readonly number[], min = -1, max = 1): SampleTensor {
  return { dtype: 'f32', shape, min, max };
}

export function ints64(shape: readonly number[], min: number, max: number): SampleTensor {
  return { dtype: 'i64', shape, min, max };
}

/** Random bytes. */
export function bytes(shape: readonly number[]): SampleTensor {
  return { dtype: 'u8', shape, min: 0, max: 256 };
}

export function bools(shape: readonly number[]): SampleTensor {
  return { dtype: 'bool', shape, min: 0, max: 2 };
}

export function exactly(dtype: DType, shape: readonly number[], values: readonly number[]): SampleTensor {
  return { dtype, shape, values };
}
