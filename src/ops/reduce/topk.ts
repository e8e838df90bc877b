import { Dim } from '../../dims/dim.js';
import { axis, bool, positional, size } from '../attrs.js';
import { core } from '../define.js';
import { ndArray } from '../nd/array.js';
import { forEachLane, lanesOf } from '../nd/lanes.js';
import { nth, only } from '../only.js';
import { castNode } from '../onnx-cast.js';
import { demandNotEmpty } from '../option-bounds.js';
import { exactly, floats32, ints64 } from '../sample.js';
import { concrete, elements, fromStart, withSize } from '../sizes.js';
import type { NdArray } from '../types.js';
import { widened } from '../widen-ints.js';

export const topk = core({
  name: 'topk',
  family: 'reduce',
  doc: {
    summary:
      'The `k` largest (or smallest) elements along an axis, and their indices as i64; equal elements in the order of their indices.',
    example: 'x -> topk(k = 2)',
    source: 'ONNX TopK, torch.topk. ONNX Runtime may ignore NaN, which PyTorch returns',
  },
  inputs: { x: 'any tensor of numbers of rank 1 or more' },
  attrs: {
    k: size('how many'),
    axis: positional(axis('the axis to choose along', -1)),
    largest: positional(bool('the largest, not the smallest', true)),
    sorted: positional(bool('best first; else in any order', true)),
  },
  outputs: ['values', 'indices'],
  infer: (rule, { x }, { k, axis }) => {
    rule.dtype('x', x, 'number');
    const along = rule.axis(axis, x.shape.length);
    const have = nth(x.shape, along);
    rule.atLeast(k, 0, () => ({ message: `\`topk\` cannot choose ${k} elements`, attr: 'k' }));
    rule.atLeast(have, k, () => ({
      message: `\`topk\` cannot choose ${k} of ${have} elements along axis ${along}`,
      attr: 'k',
    }));
    demandNotEmpty(rule, '`topk`', 'x', x);
    const shape = withSize(x.shape, along, k);
    return [
      { dtype: x.dtype, shape },
      { dtype: 'i64', shape },
    ];
  },
  flops: ({ x }) => elements(x),
  onnx: (g, { x }, { k, axis, largest, sorted }, y) => {
    const wide = widened(g, x, ['i8', 'u8', 'i16', 'i32', 'i64']);
    const { dtype, shape } = g.type(wide);
    const attrs = { axis: { int: fromStart(axis, shape.length) }, largest: { int: largest ? 1 : 0 }, sorted: { int: sorted ? 1 : 0 } };
    const made = g.node('TopK', [wide, g.dims([k])], attrs, [{ ...nth(y, 0), dtype }, nth(y, 1)]);
    return [castNode(g, nth(made, 0), g.type(x).dtype), nth(made, 1)];
  },
  evaluate: ({ x }, { k, axis, largest }) => chosen(x, concrete(k), fromStart(axis, x.shape.length), largest),
  // dx = d(values) at the indices, 0 elsewhere
  grad: (g, { x: { x }, y, dy, attrs: { axis } }) => ({
    x: g.op('scatter_elements', [g.zerosLike(x), nth(y, 1), only(dy)], { axis }),
  }),
  samples: [
    { inputs: { x: floats32([2, 3, 4]) }, attrs: { k: Dim.of(2) } },
    { inputs: { x: floats32([2, 5, 2]) }, attrs: { k: Dim.of(3), axis: 1, largest: false } },
    { inputs: { x: floats32([6]) }, attrs: { k: Dim.of(6), axis: -1 } },
    { inputs: { x: floats32([2, 4]) }, attrs: { k: Dim.of(1), sorted: false } },
    { inputs: { x: exactly('i64', [2, 4], [1, 3, 3, 1, -1, -1, -2, -2]) }, attrs: { k: Dim.of(3) } },
    { inputs: { x: ints64([3, 4], -9, 9) }, attrs: { k: Dim.of(2), axis: 0, largest: false } },
    { inputs: { x: { dtype: 'u32', shape: [7], min: 0, max: 99 } }, attrs: { k: Dim.of(2) } },
  ],
});

function chosen(x: NdArray, k: number, axis: number, largest: boolean): readonly NdArray[] {
  const lanes = lanesOf(x.shape, axis);
  const shape = x.shape.map((size, i) => (i === axis ? k : size));
  const values = ndArray(x.dtype, shape);
  const indices = ndArray('i64', shape);
  const order = Array.from({ length: lanes.length }, (_, i) => i);
  forEachLane(lanes, (start, stride, lane) => {
    const value = (i: number): number => x.data[start + i * stride] as number;
    const ranked = order.toSorted((a, b) => (largest ? value(b) - value(a) : value(a) - value(b)) || a - b);
    const to = Math.floor(lane / lanes.inners) * k * lanes.inners + (lane % lanes.inners);
    for (const [i, from] of ranked.slice(0, k).entries()) {
      values.data[to + i * stride] = value(from);
      indices.data[to + i * stride] = from;
    }
  });
  return [values, indices];
}
