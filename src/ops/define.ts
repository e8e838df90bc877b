import type { Dim } from '../dims/dim.js';
import { once } from '../once.js';
import type { Attrs, Values } from './attrs.js';
import type { Builder } from './builder.js';
import type { OnnxBuilder, OnnxTarget } from './onnx-builder.js';
import { listsOf, type OpLists } from './op-lists.js';
import type { Rule } from './rule.js';
import type { Sample } from './sample.js';
import type { Target } from './targets.js';
import type { NdArray, TensorType } from './types.js';
import type { ValueRange } from './value-range.js';

/** A required input is its one-line doc; `optional` and `variadic` mark the others. A variadic input takes one or more tensors and comes last. */
export type InputSpec = string | OptionalInput | VariadicInput;
export interface OptionalInput {
  readonly mode: 'optional';
  readonly doc: string;
  /** Passed by name only, since PyTorch's function of the same name takes another tensor at its position. */
  readonly byName?: true;
}
export interface VariadicInput {
  readonly mode: 'variadic';
  readonly doc: string;
}
export const optional = (doc: string): OptionalInput => ({ mode: 'optional', doc });
export const named = (input: OptionalInput): OptionalInput => ({ ...input, byName: true });
export const variadic = (doc: string): VariadicInput => ({ mode: 'variadic', doc });

export type Inputs = Readonly<Record<string, InputSpec>>;
/** The inputs by name: `V`, `V | undefined` or `readonly V[]`. */
export type Bound<I extends Inputs, V> = {
  readonly [K in keyof I]: I[K] extends VariadicInput ? readonly V[] : I[K] extends OptionalInput ? V | undefined : V;
};
/** Gradients by input name; an input without an entry has none. */
export type Gradients<I extends Inputs, V> = { readonly [K in keyof I]?: I[K] extends VariadicInput ? readonly V[] : V };

export type GradRule<I extends Inputs, A extends Attrs> = <V>(
  g: Builder<V>,
  c: { readonly x: Bound<I, V>; readonly y: readonly V[]; readonly dy: readonly V[]; readonly attrs: Values<A> },
) => Gradients<I, V>;

interface Common<I extends Inputs, A extends Attrs> {
  /** The name in `.arch` files, snake_case. */
  readonly name: string;
  /** Folder of the operator, for the reference pages: `elementwise`, `conv`, ... */
  readonly family: string;
  readonly doc: {
    /** One sentence. */
    readonly summary: string;
    /** A pipeline stage or expression on tensors that have the inputs' names; the tests compile it. */
    readonly example: string;
    /** The paper, ONNX operator or PyTorch function that defines it. */
    readonly source?: string;
  };
  readonly inputs: I;
  readonly attrs: A;
  /** The same two tables as lists. */
  readonly lists: () => OpLists;
  /** One name per output, for docs and value names. Operators with a varying number give the stem: `['part']`. */
  readonly outputs: readonly string[];
  /** The outputs that a call has, if that depends on its options. */
  readonly outputsFor?: (attrs: Values<A>) => readonly string[];
  /** Numbers and dims among the arguments become scalar tensors of the other operand's dtype: `x * 2`. */
  readonly promotesScalars?: boolean;
  /** Output types. Calls `rule` for every demand, so that symbolic and concrete sizes are treated alike. */
  readonly infer: (rule: Rule, x: Bound<I, TensorType>, attrs: Values<A>) => readonly TensorType[];
  /** Floating point operations; a multiply-add counts as 2, an exp or tanh as 1. Pure data movement is 0. */
  readonly flops: (x: Bound<I, TensorType>, attrs: Values<A>, y: readonly TensorType[]) => Dim;
  readonly samples: readonly Sample<I, A>[];
  /** Which integers an input may hold, where the call makes no sense for others. Nobody checks that at run time except who feeds the model. */
  readonly ranges?: (x: Bound<I, TensorType>, attrs: Values<A>) => { readonly [K in keyof I]?: ValueRange };
  /** `pure` unless stated. */
  readonly effects?: Effects;
  /** Whether a call returns its first tensor unchanged, so that it can be left out of an inference graph. */
  readonly isIdentity?: (x: Bound<I, TensorType>, attrs: Values<A>, y: readonly TensorType[]) => boolean;
  /** For an operator that converts between a weight and its stored form, or computes with that form to keep a file small. */
  readonly storage?: Storage;
}

/**
 * `packs`: the call makes the stored form of a weight, and is always computed when the file is written. `unpacks`: it computes with a stored form, and is never computed then, because its result is
 * larger.
 */
export type Storage = 'packs' | 'unpacks';

/**
 * What a call depends on besides its inputs and attributes, or does besides returning results. `pure`: nothing, so that equal calls are computed once. `random`:
 * chance, so that two calls are never one. `new-size`: nothing either, but the data decide a size of the results, and the sizes of two calls have different names.
 */
export type Effects = 'pure' | 'random' | 'new-size';

/** A core operator: one ONNX form, one reference evaluation, its own gradient. */
export interface CoreOp<I extends Inputs = Inputs, A extends Attrs = Attrs> extends Common<I, A> {
  readonly kind: 'core';
  readonly onnx: <V>(g: OnnxBuilder<V>, x: Bound<I, V>, attrs: Values<A>, y: readonly TensorType[]) => readonly V[];
  /** In float64; the caller rounds results to the dtype where that matters. */
  readonly evaluate: (x: Bound<I, NdArray>, attrs: Values<A>) => readonly NdArray[];
  /** A rule, or `none` if the output does not depend differentiably on any input. Always explicit. */
  readonly grad: GradRule<I, A> | 'none';
}

/** An ONNX form of a composite, which is written instead of its definition. */
export interface FusedForm<I extends Inputs = Inputs, A extends Attrs = Attrs> {
  /** Its name in explanations: the ONNX operator that does most of the work, such as `ONNX Attention` or `com.microsoft.BiasGelu`. */
  readonly name: string;
  /** The targets that it is for, if not all: those on which it was measured to be better than the forms after it or the definition. */
  readonly targets?: readonly Target[];
  /** Whether a call can be written in this form; if left out, every call can. */
  readonly fits?: (on: OnnxTarget, x: Bound<I, TensorType>, attrs: Values<A>, y: readonly TensorType[]) => boolean;
  /** `operators` writes operators around the node. */
  readonly onnx: <V>(g: OnnxBuilder<V>, x: Bound<I, V>, attrs: Values<A>, y: readonly TensorType[], operators: Builder<V>) => readonly V[];
}

/** A composite: defined in terms of core operators, from which gradient and evaluation follow. */
export interface CompositeOp<I extends Inputs = Inputs, A extends Attrs = Attrs> extends Common<I, A> {
  readonly kind: 'composite';
  readonly lower: <V>(g: Builder<V>, x: Bound<I, V>, attrs: Values<A>, y: readonly TensorType[]) => readonly V[];
  /** Forms of a few ONNX nodes with the same meaning, for inference. The first that fits a call on a target is written; if none does, the definition is. */
  readonly forms?: readonly FusedForm<I, A>[];
  /** Its gradient: that of its definition, or a rule that needs less. With a rule, the composite stays one node in training graphs where it has a fused form. */
  readonly grad: 'by-lowering' | 'none' | GradRule<I, A>;
}

// `any`: a list of operators holds different input and attribute records.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Op = CoreOp<any, any> | CompositeOp<any, any>;

type Given = 'kind' | 'inputs' | 'attrs' | 'lists';

/** `NoInfer` makes the names of inputs and attributes be inferred only from their two tables. */
export function core<const I extends Inputs, const A extends Attrs>(
  op: { readonly inputs: I; readonly attrs: A } & Omit<CoreOp<NoInfer<I>, NoInfer<A>>, Given>,
): CoreOp<I, A> {
  return { kind: 'core', ...op, lists: once(() => listsOf(op)) };
}

export function composite<const I extends Inputs, const A extends Attrs>(
  op: { readonly inputs: I; readonly attrs: A } & Omit<CompositeOp<NoInfer<I>, NoInfer<A>>, Given>,
): CompositeOp<I, A> {
  return { kind: 'composite', ...op, lists: once(() => listsOf(op)) };
}
