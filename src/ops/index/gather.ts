import { axis } from '../attrs.js';
import type { Builder } from '../builder.js';
import { core } from '../define.js';
import { ndArray, sizeOf } from '../nd/array.js';
import { lanesOf } from '../nd/lanes.js';
import { nth, only } from '../only.js';
import { exactly, floats32, ints64 } from '../sample.js';
import { fromStart, noFlops } from '../sizes.js';
import { positionsFromEitherEnd } from '../value-range.js';
import { indexTypes, positionAt } from './indices.js';

export const gather = core({
  name: 'gather',
  family: 'index',
  doc: {
    summary: 'Takes the positions named by `indices` from one axis, which becomes the axes of `indices`.',
    example: 'gather(x, indices, axis = 0)',
    source: 'ONNX Gather, numpy.take',
  },
  inputs: { x: 'any tensor of rank 1 or more', indices: 'integers of any shape; negative ones count from the end' },
  attrs: { axis: axis('the axis to take from', 0) },
  outputs: ['y'],
  infer: (rule, { x, indices }, { axis }) => {
    rule.rank('x', x, { min: 1 }, '[..., size, ...]');
    rule.dtype('indices', indices, indexTypes);
    const along = rule.axis(axis, x.shape.length, 'axis');
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)] }];
  },
  flops: noFlops,
  ranges: ({ x }, { axis }) => ({ indices: positionsFromEitherEnd(nth(x.shape, fromStart(axis, x.shape.length))) }),
  onnx: (g, { x, indices }, { axis }, y) =>
    g.node('Gather', [x, indices], { axis: { int: fromStart(axis, g.type(x).shape.length) } }, [only(y)]),
  evaluate: ({ x, indices }, { axis }) => {
    const along = fromStart(axis, x.shape.length);
    const { outers, length, inners } = lanesOf(x.shape, along);
    const count = sizeOf(indices.shape);
    const y = ndArray(x.dtype, [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)]);
    for (let outer = 0; outer < outers; outer++) {
      for (let i = 0; i < count; i++) {
        const from = (outer * length + positionAt(indices, i, length)) * inners;
        y.data.set(x.data.subarray(from, from + inners), (outer * count + i) * inners);
      }
    }
    return [y];
  },
  // dx = zeros with every slice of dy added where it came from
  grad: (g, { x: { x, indices }, dy, attrs }) => ({
    x: scattered(g, x, indices, only(dy), fromStart(attrs.axis, g.rank(x))),
  }),
  samples: [
    { inputs: { x: floats32([4, 3]), indices: exactly('i64', [2, 2], [0, 3, -1, 1]) } },
    { inputs: { x: floats32([2, 3, 4]), indices: exactly('i64', [3], [2, 0, 2]) }, attrs: { axis: -2 } },
    { inputs: { x: floats32([2, 5]), indices: exactly('i32', [], [-1]) }, attrs: { axis: 1 } },
    { inputs: { x: ints64([3], 0, 9), indices: ints64([0], 0, 1) } },
  ],
});

/** The axis moves to the front, where ScatterND adds slices; the axes of the indices come first in the updates. */
function scattered<V>(g: Builder<V>, x: V, indices: V, dy: V, axis: number): V {
  const rank = g.rank(x);
  const many = g.rank(indices);
  const toFront = [axis, ...[...Array(rank).keys()].filter((i) => i !== axis)];
  const updates = axis === 0 ? dy : g.transpose(dy, [...ramp(axis, many), ...ramp(0, axis), ...ramp(axis + many, rank - axis - 1)]);
  const shape = toFront.flatMap((i) => g.shape(x)[i] ?? []);
  const zeros = g.op('full', [], { shape, value: 0, dtype: g.type(x).dtype });
  const rows = g.unsqueeze(g.cast(indices, 'i64'), [-1]);
  const dx = g.op('scatter_nd', [zeros, rows, updates], { reduction: 'add' });
  return axis === 0
    ? dx
    : g.transpose(
        dx,
        toFront.map((_, i) => toFront.indexOf(i)),
      );
}

function ramp(start: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => start + i);
}
