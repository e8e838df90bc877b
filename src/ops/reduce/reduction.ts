import { Dim } from '../../dims/dim.js';
import { type Attrs, axes, bool, optionalAttr, positional, type Values } from '../attrs.js';
import type { Builder } from '../builder.js';
import { type CompositeOp, type CoreOp, composite, core } from '../define.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { castNode } from '../onnx-cast.js';
import type { Rule } from '../rule.js';
import { floats32, type Sample } from '../sample.js';
import { distinctAxes } from '../shape/distinct-axes.js';
import { elements, fromStart } from '../sizes.js';
import type { DType, DTypeClass, NdArray, Shape, TensorType } from '../types.js';
import { widenInts } from '../widen-ints.js';

type Inputs = { readonly x: string };

const base = {
  axes: optionalAttr(axes('the axes to reduce; all of them if left out')),
  keep: bool('whether reduced axes stay, with size 1', false),
};
type Base = typeof base;

/** What the shape rule, evaluation, ONNX form and gradient of a reduction receive: `axes` counted from 0 and never omitted. */
export interface Reduced {
  readonly axes: readonly number[];
  readonly keep: boolean;
}

interface Common<A extends Attrs> {
  readonly name: string;
  readonly summary: string;
  /** Default: `x -> name(axis = -1)`. */
  readonly example?: string;
  readonly source: string;
  /** Element types it accepts; default `float`. */
  readonly takes?: DTypeClass;
  /** The element type of the result; default that of `x`. */
  readonly gives?: (dtype: DType) => DType;
  /** Attributes in addition to `axes` and `keep`; they come first. */
  readonly attrs?: A;
  /** Which of `axes` and `keep` PyTorch takes at these positions; default both. */
  readonly byPosition?: readonly (keyof Base)[];
  /** Demands on the attributes. */
  readonly check?: (rule: Rule, attrs: Values<Base & A>) => void;
  /** Whether there is a result for no elements at all; default true. */
  readonly ofNothing?: boolean;
  /** Floating point operations per element of `x`; default 1. */
  readonly cost?: number;
  readonly samples: readonly Sample<Inputs, Base & A>[];
}

interface ReductionCore<A extends Attrs> extends Common<A> {
  readonly evaluate: (x: NdArray, to: Reduced, attrs: Values<A>) => NdArray;
  /** The ONNX operator, or how to write it; `y` is the type of the result. */
  readonly onnx: string | (<V>(g: OnnxBuilder<V>, x: V, to: Reduced, y: TensorType, attrs: Values<A>) => V);
  /** dx. `y` and `dy` have kept axes, so that they broadcast against `x`; a result that broadcasts to the shape of `x` is expanded. */
  readonly grad:
    | 'none'
    | (<V>(
        g: Builder<V>,
        c: { readonly x: V; readonly y: V; readonly dy: V; readonly axes: readonly number[]; readonly attrs: Values<A> },
      ) => V);
}

interface ReductionComposite<A extends Attrs> extends Common<A> {
  readonly lower: <V>(g: Builder<V>, x: V, to: Reduced, attrs: Values<A>) => V;
}

/** A core operator that combines all elements along some axes into one. */
export function reduction<const A extends Attrs = Record<never, never>>(spec: ReductionCore<A>): CoreOp<Inputs, Base & A> {
  const { onnx, grad, evaluate } = spec;
  return core<Inputs, Base & A>({
    ...common(spec),
    onnx: (g, { x }, attrs, y) => {
      const to = reduced(baseOf(attrs), g.type(x).shape.length);
      const result = only(y);
      return [typeof onnx === 'string' ? reduceNode(g, onnx, castNode(g, x, result.dtype), to) : onnx(g, x, to, result, attrs)];
    },
    evaluate: ({ x }, attrs) => [evaluate(x, reduced(baseOf(attrs), x.shape.length), attrs)],
    grad:
      grad === 'none'
        ? 'none'
        : (g, { x: { x }, y, dy, attrs }) => {
            const { axes, keep } = reduced(baseOf(attrs), g.rank(x));
            const kept = (value: typeof x) => (keep || axes.length === 0 ? value : g.unsqueeze(value, axes));
            const dx = grad(g, { x, y: kept(only(y)), dy: kept(only(dy)), axes, attrs });
            return { x: sameShape(g.shape(dx), g.shape(x)) ? dx : g.expand(dx, g.shape(x)) };
          },
  });
}

/** A reduction that is written with other operators. */
export function reductionComposite<const A extends Attrs = Record<never, never>>(
  spec: ReductionComposite<A>,
): CompositeOp<Inputs, Base & A> {
  const { lower } = spec;
  return composite<Inputs, Base & A>({
    ...common(spec),
    lower: (g, { x }, attrs) => [lower(g, x, reduced(baseOf(attrs), g.rank(x)), attrs)],
    grad: 'by-lowering',
  });
}

/** One ONNX Reduce node; the result has the element type of `x`. */
export function reduceNode<V>(g: OnnxBuilder<V>, opType: string, x: V, to: Reduced): V {
  return widenInts(g, [x], ['i32', 'i64'], (operand) => {
    const { dtype, shape } = g.type(operand);
    // Without its axes, the operator reduces all; an empty list would mean the same, but not to every kernel.
    const list = to.axes.length === shape.length ? null : g.ints(to.axes);
    return only(g.node(opType, [operand, list], { keepdims: { int: to.keep ? 1 : 0 } }, [{ dtype, shape: reducedTo(shape, to) }]));
  });
}

/** Float tensors reduced in every possible way, drawn from `[min, max)`. */
export function reductionSamples(min = -2, max = 2): readonly ReductionSample[] {
  return [
    { inputs: { x: floats32([2, 3, 4], min, max) } },
    { inputs: { x: floats32([2, 3, 4], min, max) }, attrs: { keep: true } },
    { inputs: { x: floats32([2, 3, 4], min, max) }, attrs: { axes: [] } },
    { inputs: { x: floats32([2, 3, 4], min, max) }, attrs: { axes: [-1] } },
    { inputs: { x: floats32([2, 3, 4], min, max) }, attrs: { axes: [2, 0] } },
    { inputs: { x: floats32([2, 3, 4], min, max) }, attrs: { axes: [-2], keep: true } },
    { inputs: { x: floats32([5], min, max) }, attrs: { axes: [0] } },
    { inputs: { x: floats32([3, 1], min, max) }, attrs: { axes: [1] } },
    { inputs: { x: floats32([], min, max) } },
  ];
}

type ReductionSample = {
  readonly inputs: { readonly x: ReturnType<typeof floats32> };
  readonly attrs?: { readonly axes?: readonly number[]; readonly keep?: boolean };
};

function common<A extends Attrs>(spec: Common<A>) {
  const {
    name,
    summary,
    example,
    source,
    takes = 'float',
    gives = (dtype: DType) => dtype,
    attrs,
    byPosition = ['axes', 'keep'],
    check,
    ofNothing = true,
    cost = 1,
    samples,
  } = spec;
  return {
    name,
    family: 'reduce',
    doc: { summary, example: example ?? `x -> ${name}(axis = -1)`, source },
    inputs: { x: inputWords[takes] },
    // Without attributes of its own, A is the empty record.
    attrs: { ...attrs, ...baseAttrs(byPosition) } as Base & A,
    outputs: ['y'],
    infer: (rule: Rule, { x }: { readonly x: TensorType }, values: Values<Base & A>): readonly TensorType[] => {
      rule.dtype('x', x, takes);
      check?.(rule, values);
      const { axes: given = [], keep } = baseOf(values);
      const axes = given.length === 0 ? allAxes(x.shape.length) : distinctAxes(rule, given, x.shape.length);
      if (!ofNothing) demandElements(rule, name, x, axes);
      return [{ dtype: gives(x.dtype), shape: reducedTo(x.shape, { axes, keep }) }];
    },
    flops: ({ x }: { readonly x: TensorType }) => elements(x).mul(cost),
    samples,
  };
}

function baseAttrs(byPosition: readonly (keyof Base)[]): Base {
  return {
    axes: byPosition.includes('axes') ? positional(base.axes) : base.axes,
    keep: byPosition.includes('keep') ? positional(base.keep) : base.keep,
  };
}

const inputWords: Readonly<Record<DTypeClass, string>> = {
  float: 'any float tensor',
  int: 'any tensor of integers',
  number: 'any tensor of numbers',
  bool: 'any tensor of booleans',
  summable: 'any tensor of numbers or booleans',
  any: 'any tensor',
};

/** Reports axes of size 0 if an operator has no result for no elements. */
export function demandElements(rule: Rule, name: string, x: TensorType, axes: readonly number[]): void {
  for (const axis of axes) {
    const size = x.shape[axis];
    if (size === undefined) continue;
    rule.atLeast(size, 1, () => ({ message: `\`${name}\` has no value for axis ${axis}, whose size is ${size}`, input: 'x' }));
  }
}

/** The attributes that every reduction has. The assertion holds because they are part of `Base & A`, which TypeScript cannot see for a generic A. */
function baseOf<A extends Attrs>(attrs: Values<Base & A>): Values<Base> {
  return attrs as unknown as Values<Base>;
}

function reduced(attrs: Values<Base>, rank: number): Reduced {
  const given = attrs.axes ?? [];
  return { axes: given.length === 0 ? allAxes(rank) : given.map((axis) => fromStart(axis, rank)), keep: attrs.keep };
}

function reducedTo(shape: Shape, { axes, keep }: Reduced): Shape {
  return shape.flatMap((size, axis) => (!axes.includes(axis) ? [size] : keep ? [Dim.of(1)] : []));
}

function allAxes(rank: number): readonly number[] {
  return [...Array(rank).keys()];
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => b[axis]?.equals(size));
}
