import type { Dim } from '../dims/dim.js';
import type { Target } from './targets.js';
import type { DType, NdArray, TensorType } from './types.js';

/** An ONNX attribute. A plain number is INT if `int(...)` made it, FLOAT otherwise: JavaScript cannot tell 1 from 1.0. */
export type OnnxAttr =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly string: string }
  | { readonly strings: readonly string[] };

/** A call of an ONNX operator that the user named. */
export interface OnnxCall {
  readonly opType: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly attrs: Readonly<Record<string, OnnxAttr>>;
}

/** What ONNX nodes are written for. */
export interface OnnxTarget {
  readonly target: Target;
  readonly opset: number;
}

/** Builds ONNX nodes. `V` is opaque to operators. Results carry the types that the operator's `infer` gave them. */
export interface OnnxBuilder<V> extends OnnxTarget {
  type(value: V): TensorType;
  /** The elements of a constant; `undefined` for what the graph computes, its inputs and weights. */
  elements(value: V): NdArray | undefined;
  /**
   * One node. `outputs` are the types of its outputs in order; a `null` output or input is omitted. Standard operators have no domain:
   * `g.node('Softmax', [x], { axis: { int: -1 } }, [type])[0]`.
   */
  node(
    opType: string,
    inputs: readonly (V | null | undefined)[],
    attrs: Readonly<Record<string, OnnxAttr | undefined>>,
    outputs: readonly (TensorType | null)[],
    domain?: string,
  ): readonly V[];
  /** A constant; equal constants are shared. */
  constant(array: NdArray): V;
  /** int64 vector constant. */
  ints(values: readonly number[]): V;
  /** A scalar (rank 0) constant of `dtype`. */
  scalar(value: number, dtype: DType): V;
  /** int64 vector of sizes: a constant if all are, otherwise computed in the graph from the shapes of the graph's inputs. */
  dims(sizes: readonly Dim[]): V;
  /** int64 scalar (rank 0) of one size. */
  dim(size: Dim): V;
}
