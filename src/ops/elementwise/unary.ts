import type { Attrs, Values } from '../attrs.js';
import type { Builder } from '../builder.js';
import { type CompositeOp, type CoreOp, composite, core } from '../define.js';
import { mapped } from '../nd/map.js';
import { only } from '../only.js';
import type { OnnxBuilder, OnnxTarget } from '../onnx-builder.js';
import type { Rule } from '../rule.js';
import { exactly, floats32, type Sample } from '../sample.js';
import { elements } from '../sizes.js';
import type { DTypeClass, TensorType } from '../types.js';

type Inputs = { readonly x: string };

interface Common<A extends Attrs> {
  readonly name: string;
  readonly summary: string;
  /** Default: `x -> name`. */
  readonly example?: string;
  readonly source: string;
  /** Element types it accepts; default `float`. */
  readonly takes?: DTypeClass;
  readonly attrs?: A;
  /** Demands on the attributes. */
  readonly check?: (rule: Rule, x: TensorType, attrs: Values<A>) => void;
  /** Floating point operations per element; default 1. */
  readonly cost?: number;
  readonly samples: readonly Sample<Inputs, A>[];
}

interface UnaryCore<A extends Attrs> extends Common<A> {
  /** The function itself, in float64. */
  readonly of: (x: number, attrs: Values<A>) => number;
  /** The ONNX operator, if it needs nothing but `x`, or how to write it. */
  readonly onnx: string | (<V>(g: OnnxBuilder<V>, x: V, attrs: Values<A>) => V);
  /** dx, or `none` for functions that are constant between their jumps. */
  readonly grad: 'none' | (<V>(g: Builder<V>, c: { readonly x: V; readonly y: V; readonly dy: V; readonly attrs: Values<A> }) => V);
}

interface UnaryComposite<A extends Attrs> extends Common<A> {
  readonly lower: <V>(g: Builder<V>, x: V, attrs: Values<A>) => V;
  /** See `FusedForm`. */
  readonly forms?: readonly {
    readonly name: string;
    readonly fits?: (on: OnnxTarget, x: TensorType) => boolean;
    readonly onnx: <V>(g: OnnxBuilder<V>, x: V, attrs: Values<A>) => V;
  }[];
}

/** A core elementwise function that keeps shape and element type. */
export function unary<const A extends Attrs = Record<never, never>>(spec: UnaryCore<A>): CoreOp<Inputs, A> {
  const { of, onnx, grad } = spec;
  return core({
    ...common(spec),
    onnx: (g, { x }, attrs) => [typeof onnx === 'string' ? node(g, onnx, x) : onnx(g, x, attrs)],
    evaluate: ({ x }, attrs) => [mapped(x, (value) => of(value, attrs))],
    grad: grad === 'none' ? 'none' : (g, { x: { x }, y, dy, attrs }) => ({ x: grad(g, { x, y: only(y), dy: only(dy), attrs }) }),
  });
}

/** An elementwise function that is written with other operators. */
export function unaryComposite<const A extends Attrs = Record<never, never>>(spec: UnaryComposite<A>): CompositeOp<Inputs, A> {
  const { lower, forms = [] } = spec;
  return composite({
    ...common(spec),
    lower: (g, { x }, attrs) => [lower(g, x, attrs)],
    forms: forms.map(({ name, fits = () => true, onnx }) => ({
      name,
      fits: (on: OnnxTarget, { x }: { readonly x: TensorType }) => fits(on, x),
      onnx: <V>(g: OnnxBuilder<V>, { x }: { readonly x: V }, attrs: Values<A>) => [onnx(g, x, attrs)],
    })),
    grad: 'by-lowering',
  });
}

/** The elements up to a limit. Unlike that of `clip`, the slope at the limit is 0. */
export function upTo<V>(g: Builder<V>, x: V, limit: number): V {
  const end = g.scalar(limit, x);
  return g.where(g.greaterEqual(x, end), end, x);
}

/** One ONNX node whose output has the type of its first input. */
export function node<V>(g: OnnxBuilder<V>, opType: string, ...inputs: readonly [V, ...V[]]): V {
  return only(g.node(opType, inputs, {}, [g.type(inputs[0])]));
}

/** One ONNX node on `x` with float attributes. */
export function nodeWith<V>(g: OnnxBuilder<V>, opType: string, x: V, floats: Readonly<Record<string, number>>): V {
  const attrs = Object.fromEntries(Object.entries(floats).map(([name, value]) => [name, { float: value }]));
  return only(g.node(opType, [x], attrs, [g.type(x)]));
}

/** A tensor, a scalar, a vector and an empty tensor, drawn from `[min, max)`. */
export function unarySamples(min: number, max: number): { readonly inputs: { readonly x: ReturnType<typeof floats32> } }[] {
  const shapes = [[2, 3, 4], [], [7], [2, 0]];
  return shapes.map((shape) => ({ inputs: { x: floats32(shape, min, max) } }));
}

/** One float vector with these values. */
export function unarySample(...values: readonly number[]): { readonly inputs: { readonly x: ReturnType<typeof floats32> } } {
  return { inputs: { x: exactly('f32', [values.length], values.map(Math.fround)) } };
}

function common<A extends Attrs>({ name, summary, example, source, takes = 'float', attrs, check, cost = 1, samples }: Common<A>) {
  return {
    name,
    family: 'elementwise',
    doc: { summary, example: example ?? `x -> ${name}`, source },
    inputs: { x: takes === 'float' ? 'any float tensor' : 'any tensor of numbers' },
    // Without attributes, A is the empty record.
    attrs: attrs ?? ({} as A),
    outputs: ['y'],
    infer: (rule: Rule, { x }: { readonly x: TensorType }, values: Values<A>): readonly TensorType[] => {
      rule.dtype('x', x, takes);
      check?.(rule, x, values);
      return [x];
    },
    flops: ({ x }: { readonly x: TensorType }) => elements(x).mul(cost),
    samples,
  };
}
