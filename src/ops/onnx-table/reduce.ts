import { rangeOf } from '../dtype-range.js';
import { type DType, isFloat } from '../types.js';
import { type OnnxCall, type Translation, TypeOnly } from './call.js';
import { axisOf } from './demands.js';

type Attrs = Readonly<Record<string, unknown>>;

/** The axes of a reduction, an input or an attribute; undefined for all of them, [] for none. */
function axesOf<V>(c: OnnxCall<V>): readonly number[] | undefined {
  const axes = c.numbers(1) ?? c.ints('axes');
  return axes !== undefined && axes.length > 0 ? axes : c.flag('noop_with_empty_axes') ? [] : undefined;
}

/** `x` reduced by archc's operator `name` over the axes of the call. ONNX keeps the element type, and archc sums narrow integers as i64. */
function reduced<V>(c: OnnxCall<V>, name: string, x: V, attrs: Attrs = {}): V {
  const axes = axesOf(c);
  if (axes?.length === 0) return x;
  return c.g.cast(c.g.op(name, [x], { axes, keep: c.flag('keepdims', true), ...attrs }), c.g.type(x).dtype);
}

function reduction(name: string, attrs: Attrs = {}): Translation {
  return (c) => [reduced(c, name, c.in(0), attrs)];
}

/** A reduction that archc has only for floats. */
function floatReduction(name: string, attrs: Attrs = {}): Translation {
  return (c) => {
    if (isFloat(c.type(0).dtype)) return [reduced(c, name, c.in(0), attrs)];
    return [new TypeOnly(c.g.type(reduced(c, 'sum', c.in(0))), `\`${name}\` takes floats`)];
  };
}

/** The result for no elements at all, where archc refuses a reduction; undefined if there are some. */
function ofNothing<V>(c: OnnxCall<V>, value: number): V | undefined {
  const { shape } = c.type(0);
  const axes = axesOf(c)?.map((axis) => c.rule.axis(axis, shape.length, 'axes')) ?? [...shape.keys()];
  if (!axes.some((axis) => shape[axis]?.constant === 0)) return undefined;
  const { dtype, shape: left } = c.g.type(reduced(c, 'sum', c.in(0)));
  return c.g.op('full', [], { shape: left, value, dtype });
}

/** The largest or smallest element; of booleans, whether any or all are true. */
function extreme(name: 'max' | 'min', ofBooleans: 'any' | 'all'): Translation {
  return (c) => {
    const { dtype } = c.type(0);
    const none = ofNothing(c, name === 'max' ? lowest(dtype) : highest(dtype));
    return [none ?? reduced(c, dtype === 'bool' ? ofBooleans : name, c.in(0))];
  };
}

function lowest(dtype: DType): number {
  return isFloat(dtype) ? Number.NEGATIVE_INFINITY : (rangeOf(dtype)?.lowest ?? 0);
}

function highest(dtype: DType): number {
  return isFloat(dtype) ? Number.POSITIVE_INFINITY : (rangeOf(dtype)?.highest ?? 1);
}

/** The position of the largest or smallest element: the first of several or, with `select_last_index`, the last. */
function place(name: 'argmax' | 'argmin'): Translation {
  return (c) => {
    const { g } = c;
    const axis = axisOf(c, 0);
    const keep = c.flag('keepdims', true);
    if (!c.flag('select_last_index')) return [g.op(name, [c.in(0)], { axis, keep })];
    const fromEnd = g.op(name, [g.op('flip', [c.in(0)], { axes: [axis] })], { axis, keep });
    const last = c.shape(0)[axis]?.sub(1);
    return [last === undefined ? fromEnd : g.sub(g.size(last, 'i64'), fromEnd)];
  };
}

const cumulativeSum: Translation = (c) => {
  if (!c.isKnown(1)) return [new TypeOnly(c.type(0), 'the axis of `cumsum` is known before the model runs')];
  const [axis] = c.numbers(1) ?? [];
  const sums = c.g.op('cumsum', [c.in(0)], { axis, exclusive: c.flag('exclusive'), reverse: c.flag('reverse') });
  return [c.g.cast(sums, c.type(0).dtype)];
};

/** 1 at the largest element, at the first of several. */
const hardmax: Translation = (c) => {
  const axis = axisOf(c, -1);
  const { dtype, shape } = c.type(0);
  return [c.g.op('one_hot', [c.g.op('argmax', [c.in(0)], { axis })], { depth: shape[axis], axis, dtype })];
};

/** Divides by the length along an axis; 0 where that is 0. */
const normalization: Translation = (c) => {
  const { g } = c;
  const [x, axis] = [c.in(0), axisOf(c, -1)];
  const length = g.op('norm', [x], { axes: [axis], p: c.int('p', 2), keep: true });
  const zero = g.scalar(0, x);
  return [g.where(g.equal(length, zero), zero, g.div(x, length))];
};

export const reductions: Readonly<Record<string, Translation>> = {
  ArgMax: place('argmax'),
  ArgMin: place('argmin'),
  CumSum: cumulativeSum,
  Hardmax: hardmax,
  LogSoftmax: (c) => [c.g.op('log_softmax', [c.in(0)], { axis: axisOf(c, -1) })],
  LpNormalization: normalization,
  ReduceL1: floatReduction('norm', { p: 1 }),
  ReduceL2: floatReduction('norm', { p: 2 }),
  ReduceLogSum: (c) => [c.g.log(reduced(c, 'sum', c.in(0)))],
  ReduceLogSumExp: (c) => [ofNothing(c, Number.NEGATIVE_INFINITY) ?? reduced(c, 'logsumexp', c.in(0))],
  ReduceMax: extreme('max', 'any'),
  ReduceMean: floatReduction('mean'),
  ReduceMin: extreme('min', 'all'),
  ReduceProd: reduction('prod'),
  ReduceSum: reduction('sum'),
  ReduceSumSquare: (c) => [reduced(c, 'sum', c.g.op('square', [c.in(0)]))],
  Softmax: (c) => [c.g.softmax(c.in(0), axisOf(c, -1))],
  TopK: (c) =>
    c.g.call('topk', [c.in(0)], {
      k: c.sizes(1)?.[0],
      axis: c.int('axis', -1),
      largest: c.flag('largest', true),
      sorted: c.flag('sorted', true),
    }),
};
