import type { Span } from '../../diagnostics/span.js';
import type { Expr, StringExpr } from './expressions.js';
import type { Name } from './name.js';

/** `name`, `name: int`, `name = 3`, `name: Tensor[N, C]?`, `width = 64 from "hidden_size"`. */
export interface Param {
  /** The documentation of a field of a `config`. */
  readonly doc?: string | undefined;
  readonly name: Name;
  readonly type?: ParamType | undefined;
  readonly fallback?: Expr | undefined;
  /** The key in a configuration file that gives its value. */
  readonly from?: StringExpr | undefined;
  readonly span: Span;
}

/** A tensor type, or the kind of a hyperparameter: `int float bool string dtype fn layer list tuple`, or the name of a `config`. */
export type ParamType = TensorTypeExpr | KindExpr;

export interface KindExpr {
  readonly kind: 'kind';
  readonly name: string;
  /** `int?`: it may be `none`. */
  readonly optional: boolean;
  readonly span: Span;
}

/** `Tensor<i64>[N, T]?`; without `dtype`, the build's float type. A `dtype` may be a field: `c.dtype`. */
export interface TensorTypeExpr {
  readonly kind: 'tensor-type';
  readonly dtype?: Name | undefined;
  readonly dims: readonly DimExpr[];
  readonly optional: boolean;
  readonly span: Span;
}

export type DimExpr = RestDim | SizeDim;

/** `*B`: any leading axes. */
export interface RestDim {
  readonly kind: 'rest';
  readonly name: Name;
  readonly span: Span;
}

/** One axis; `orOne` is `N|1`, an axis that may also be the literal 1. */
export interface SizeDim {
  readonly kind: 'size';
  readonly size: Expr;
  readonly orOne: boolean;
  readonly span: Span;
}

/** `-> Tensor[N]` is one unnamed output; `-> (a: Tensor[N], b: Tensor[M])` are named ones. */
export interface Result {
  readonly outputs: readonly { readonly name?: Name | undefined; readonly type: TensorTypeExpr }[];
  /** Whether the outputs were written in parentheses. */
  readonly named: boolean;
  readonly span: Span;
}
