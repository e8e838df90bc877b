/** What a model takes and gives, as plain data: for programs that feed it, and for types and bindings made from it. */
export interface Signature {
  readonly name: string;
  /** The entry of the model; `forward` for a model with a signature of its own. */
  readonly entry: string;
  /** The text of the model's `##` comment. */
  readonly doc: string | undefined;
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
  /** What is carried from call to call; the inputs and outputs for it are among the others. */
  readonly states: readonly StateSignature[];
  /** The names that the sizes of the inputs depend on; each is at least 1, unless a fact says that it may be 0: `P >= 0`. */
  readonly dims: readonly string[];
  /** The other names in the shapes of the outputs: sizes that the data decide in each run, each after those that bound it. */
  readonly dataDims: readonly DataDim[];
  /** What the model states about its sizes: `T <= 1024`. Proofs rest on it, and a run with other sizes may be wrong. */
  readonly facts: readonly string[];
  /** What could be neither proved nor refuted: a run with other sizes fails. */
  readonly open: readonly string[];
  /** The hyperparameters that the model was made with. Functions, layers and element types are names, records objects, and `none` is null. */
  readonly hyperparameters: Readonly<Record<string, PlainValue>>;
}

export interface DataDim {
  readonly name: string;
  /** The least and the greatest value, each a number or a formula of the other names. */
  readonly least: number | string;
  readonly most?: number | string | undefined;
}

export interface TensorSignature {
  readonly name: string;
  /** In the file: `f32`, `i64`, `bool`. */
  readonly dtype: string;
  /** The element type in the source, if it differs: training graphs for WebGPU take the integers of i64 inputs as i32, and whoever runs them must refuse larger ones. */
  readonly sourceDtype?: string | undefined;
  /** A number for each axis, or a formula of the dims: `[4, 'T', '(H + 31) // 32']`. */
  readonly shape: readonly (number | string)[];
  /** Which integers it may hold, if not all of its type. `archc/runtime` refuses others; a program that calls ONNX Runtime itself must do so: it fails for them, or computes something without a meaning. */
  readonly range?: IntegerRange | undefined;
}

/** The integers from `least` to `most`, numbers or formulas of the dims, and `also` beside them: the classes of labels from 0 to 9, or -100. */
export interface IntegerRange {
  readonly least: number | string;
  readonly most: number | string;
  readonly also?: number | undefined;
}

/** A tensor that each call takes as it was after the call before. */
export interface StateSignature {
  /** The input for its value before the call; absent if this entry does not read it. */
  readonly input: string | undefined;
  /** The output with its value after the call; absent if this entry does not set it, so that it stays as it is. */
  readonly output: string | undefined;
  /** What it is before the first call. */
  readonly start: InitialState;
}

/**
 * What a state is before the first call, as plain data: no elements along the sizes that only states have (`empty`), one number for all
 * elements, numbers in row-major order that broadcast to the state's shape, or what the file of the initial state has under the name of the input (`stored`).
 */
export type InitialState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'stored' }
  | { readonly kind: 'fill'; readonly value: number }
  | { readonly kind: 'values'; readonly shape: readonly number[]; readonly values: readonly number[] };

/** A compile-time value as JSON has it. */
export type PlainValue = null | boolean | number | string | readonly PlainValue[] | { readonly [key: string]: PlainValue };
