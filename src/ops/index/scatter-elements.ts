import { axis, choice } from '../attrs.js';
import { core } from '../define.js';
import { at, eachIndex, positionOf } from '../index-space.js';
import { ndArray, stridesOf } from '../nd/array.js';
import { nth, only } from '../only.js';
import { exactly, floats32 } from '../sample.js';
import { elements, fromStart } from '../sizes.js';
import { demandElements } from './element-shapes.js';
import { positionAt } from './indices.js';
import { combine, type Routes, reductions, scatterGradients } from './scatter-gradient.js';
import { scattered } from './scattered.js';

export const scatterElements = core({
  name: 'scatter_elements',
  family: 'index',
  doc: {
    summary: 'A copy of `x` with one element changed for each index, which replaces the coordinate on one axis.',
    example: 'scatter_elements(x, indices, updates, axis = 1)',
    source: 'ONNX ScatterElements, torch.scatter and torch.scatter_reduce',
  },
  inputs: {
    x: 'any tensor of rank 1 or more',
    indices: 'integers, as many axes as `x`',
    updates: 'the shape of `indices`, the dtype of `x`',
  },
  attrs: {
    axis: axis('the axis that the indices point into', 0),
    reduction: choice('what an update does to the element that is there', reductions, 'none'),
  },
  outputs: ['y'],
  infer: (rule, { x, indices, updates }, { axis }) => {
    demandElements(rule, x, indices, axis);
    rule.sameDtype('x', x, 'updates', updates);
    rule.rank('updates', updates, indices.shape.length, 'the shape of `indices`');
    for (const [i, size] of updates.shape.entries()) {
      const wanted = indices.shape[i] ?? size;
      rule.equal(size, wanted, () => ({
        message: `each index needs one update: axis ${i} is ${wanted} in \`indices\` and ${size} in \`updates\``,
        input: 'updates',
        wanted: indices.shape,
        got: updates.shape,
      }));
    }
    return [x];
  },
  flops: ({ updates }) => elements(updates),
  onnx: (g, { x, indices, updates }, { axis, reduction }) => {
    const attrs = { axis: { int: fromStart(axis, g.type(x).shape.length) }, reduction: { string: reduction } };
    const scatter = (into: typeof x, values: typeof x) => only(g.node('ScatterElements', [into, indices, values], attrs, [g.type(into)]));
    return [scattered(g, x, updates, reduction, scatter)];
  },
  evaluate: ({ x, indices, updates }, { axis, reduction }) => {
    const along = fromStart(axis, x.shape.length);
    const strides = stridesOf(x.shape);
    const y = ndArray(x.dtype, x.shape, Float64Array.from(x.data));
    eachIndex(indices.shape, (index, position) => {
      const there = positionAt(indices, position, nth(x.shape, along)) - nth(index, along);
      const place = positionOf(index, strides) + there * nth(strides, along);
      y.data[place] = combine(reduction, at(y, place), at(updates, position));
    });
    return [y];
  },
  // See scatterGradients; none: dx = dy with zeros at the indices, du = dy at the indices
  grad: (g, { x: { x, indices, updates }, y, dy, attrs }) => {
    const { axis } = attrs;
    const routes: Routes<typeof x> = {
      scatter: (into, values, reduction) => g.op('scatter_elements', [into, indices, values], { axis, reduction }),
      gather: (from) => g.op('gather_elements', [from, indices], { axis }),
    };
    const [dx, du] = scatterGradients(g, routes, x, updates, only(y), only(dy), attrs.reduction);
    return { x: dx, updates: du };
  },
  samples: [
    { inputs: { x: floats32([2, 3]), indices: exactly('i64', [2, 2], [0, 2, 1, 0]), updates: floats32([2, 2]) }, attrs: { axis: 1 } },
    {
      inputs: { x: floats32([3, 2]), indices: exactly('i64', [2, 2], [0, -1, 0, 2]), updates: floats32([2, 2]) },
      attrs: { reduction: 'add' },
    },
    {
      inputs: { x: floats32([3], 0.5, 2), indices: exactly('i64', [4], [1, 1, 2, 0]), updates: floats32([4], 0.5, 2) },
      attrs: { reduction: 'mul' },
    },
    {
      inputs: { x: floats32([3]), indices: exactly('i64', [4], [1, 1, 2, 0]), updates: floats32([4]) },
      attrs: { reduction: 'max', axis: -1 },
    },
    {
      inputs: { x: floats32([3]), indices: exactly('i64', [4], [1, 1, 2, 0]), updates: floats32([4]) },
      attrs: { reduction: 'min' },
    },
  ],
});
