import { axis } from '../attrs.js';
import { core } from '../define.js';
import { at, eachIndex, positionOf } from '../index-space.js';
import { ndArray, stridesOf } from '../nd/array.js';
import { nth, only } from '../only.js';
import { exactly, floats32 } from '../sample.js';
import { fromStart, noFlops } from '../sizes.js';
import { positionsFromEitherEnd } from '../value-range.js';
import { demandElements } from './element-shapes.js';
import { positionAt } from './indices.js';

export const gatherElements = core({
  name: 'gather_elements',
  family: 'index',
  doc: {
    summary: 'Takes one element for each index: the index replaces the coordinate on one axis.',
    example: 'gather_elements(x, indices, axis = 1)',
    source: 'ONNX GatherElements, torch.gather',
  },
  inputs: { x: 'any tensor of rank 1 or more', indices: 'integers, as many axes as `x`, no axis longer except `axis`' },
  attrs: { axis: axis('the axis that the indices point into', 0) },
  outputs: ['y'],
  infer: (rule, { x, indices }, { axis }) => {
    demandElements(rule, x, indices, axis);
    return [{ dtype: x.dtype, shape: indices.shape }];
  },
  flops: noFlops,
  ranges: ({ x }, { axis }) => ({ indices: positionsFromEitherEnd(nth(x.shape, fromStart(axis, x.shape.length))) }),
  onnx: (g, { x, indices }, { axis }, y) =>
    g.node('GatherElements', [x, indices], { axis: { int: fromStart(axis, g.type(x).shape.length) } }, [only(y)]),
  evaluate: ({ x, indices }, { axis }) => {
    const along = fromStart(axis, x.shape.length);
    const strides = stridesOf(x.shape);
    const y = ndArray(x.dtype, indices.shape);
    eachIndex(indices.shape, (index, position) => {
      const there = positionAt(indices, position, nth(x.shape, along)) - nth(index, along);
      y.data[position] = at(x, positionOf(index, strides) + there * nth(strides, along));
    });
    return [y];
  },
  // dx = zeros with every element of dy added where it came from
  grad: (g, { x: { x, indices }, dy, attrs }) => ({
    x: g.op('scatter_elements', [g.zerosLike(x), indices, only(dy)], { axis: attrs.axis, reduction: 'add' }),
  }),
  samples: [
    { inputs: { x: floats32([2, 3]), indices: exactly('i64', [2, 2], [0, 2, 1, 1]) }, attrs: { axis: 1 } },
    { inputs: { x: floats32([3, 3]), indices: exactly('i64', [2, 3], [1, 2, 0, 2, 0, 0]) } },
    { inputs: { x: floats32([2, 2, 2]), indices: exactly('i64', [1, 2, 4], [0, -1, 1, 0, 1, 1, 0, -2]) }, attrs: { axis: -1 } },
  ],
});
