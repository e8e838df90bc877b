import type { NodeCall, Translation } from '../node-call.js';

/** The axes of a reduction, an input or an attribute; undefined for all of them, [] for none. */
function axesOf<V>(c: NodeCall<V>): readonly number[] | undefined {
  const axes = c.numbers(1) ?? c.ints('axes');
  return axes !== undefined && axes.length > 0 ? axes : c.int('noop_with_empty_axes', 0) === 1 ? [] : undefined;
}

function reduced<V>(c: NodeCall<V>, name: string, x: V, attrs: Readonly<Record<string, unknown>> = {}): V {
  const axes = axesOf(c);
  if (axes?.length === 0) return x;
  return c.g.op(name, [x], { axes, keep: c.int('keepdims', 1) === 1, ...attrs });
}

const reduction =
  (name: string, attrs: Readonly<Record<string, unknown>> = {}): Translation =>
  (c) => [reduced(c, name, c.in(0), attrs)];

/** Of booleans: 1 if any or all are. */
const extreme =
  (name: string, ofBooleans: string): Translation =>
  (c) => [reduced(c, c.g.type(c.in(0)).dtype === 'bool' ? ofBooleans : name, c.in(0))];

const arg =
  (name: string): Translation =>
  (c) => {
    const axis = c.int('axis', 0);
    const keep = c.int('keepdims', 1) === 1;
    if (c.int('select_last_index', 0) === 0) return [c.g.op(name, [c.in(0)], { axis, keep })];
    const shape = c.g.shape(c.in(0));
    const fromEnd = c.g.op(name, [c.g.op('flip', [c.in(0)], { axes: [axis] })], { axis, keep });
    return [c.g.sub(c.g.size(shape.at(axis)!.sub(1), 'i64'), fromEnd)];
  };

export const reductions: Readonly<Record<string, Translation>> = {
  ArgMax: arg('argmax'),
  ArgMin: arg('argmin'),
  CumSum: (c) => [
    c.g.op('cumsum', [c.in(0)], {
      axis: c.numbers(1)![0],
      exclusive: c.int('exclusive', 0) === 1,
      reverse: c.int('reverse', 0) === 1,
    }),
  ],
  LogSoftmax: (c) => [c.g.op('log_softmax', [c.in(0)], { axis: c.int('axis', -1) })],
  LpNormalization: (c) => {
    const length = c.g.op('norm', [c.in(0)], { axes: [c.int('axis', -1)], p: c.int('p', 2), keep: true });
    return [c.g.div(c.in(0), length)];
  },
  ReduceL1: reduction('norm', { p: 1 }),
  ReduceL2: reduction('norm', { p: 2 }),
  ReduceLogSum: (c) => [c.g.log(reduced(c, 'sum', c.in(0)))],
  ReduceLogSumExp: reduction('logsumexp'),
  ReduceMax: extreme('max', 'any'),
  ReduceMean: reduction('mean'),
  ReduceMin: extreme('min', 'all'),
  ReduceProd: reduction('prod'),
  ReduceSum: reduction('sum'),
  ReduceSumSquare: (c) => [reduced(c, 'sum', c.g.op('square', [c.in(0)]))],
  Softmax: (c) => [c.g.softmax(c.in(0), c.int('axis', -1))],
  TopK: (c) =>
    c.g.call('topk', [c.in(0)], {
      k: c.numbers(1)![0],
      axis: c.int('axis', -1),
      largest: c.int('largest', 1) === 1,
      sorted: c.int('sorted', 1) === 1,
    }),
};
