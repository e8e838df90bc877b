import { choice } from '../attrs.js';
import { core } from '../define.js';
import { at } from '../index-space.js';
import { ndArray, sizeOf, stridesOf } from '../nd/array.js';
import { only } from '../only.js';
import { exactly, floats32 } from '../sample.js';
import { elements } from '../sizes.js';
import { coordinateCount } from './gather-nd.js';
import { rowOffset } from './indices.js';
import { combine, type Routes, reductions, scatterGradients } from './scatter-gradient.js';
import { scattered } from './scattered.js';

export const scatterNd = core({
  name: 'scatter_nd',
  family: 'index',
  doc: {
    summary: 'A copy of `x` with one slice changed for each row of coordinates on the last axis of `indices`.',
    example: 'scatter_nd(x, indices, updates)',
    source: 'ONNX ScatterND',
  },
  inputs: { x: '[d1, ..., dk, *rest]', indices: 'i64[*rows, k]', updates: '[*rows, *rest]' },
  attrs: { reduction: choice('what an update does to the elements that are there', reductions, 'none') },
  outputs: ['y'],
  infer: (rule, { x, indices, updates }) => {
    rule.dtype('indices', indices, ['i64']);
    rule.sameDtype('x', x, 'updates', updates);
    rule.rank('x', x, { min: 1 }, '[d1, ..., dk, *rest]');
    rule.rank('indices', indices, { min: 1 }, '[*rows, k]');
    const width = coordinateCount(rule, x.shape.length, indices.shape);
    const wanted = [...indices.shape.slice(0, -1), ...x.shape.slice(width)];
    rule.rank('updates', updates, wanted.length, `[${wanted.join(', ')}]`);
    for (const [i, size] of updates.shape.entries()) {
      rule.equal(size, wanted[i] ?? size, () => ({
        message: `each index row needs one slice of updates: axis ${i} of \`updates\` should be ${wanted[i]}, not ${size}`,
        input: 'updates',
        wanted: wanted,
        got: updates.shape,
      }));
    }
    return [x];
  },
  flops: ({ updates }) => elements(updates),
  onnx: (g, { x, indices, updates }, { reduction }) => {
    const attrs = { reduction: { string: reduction } };
    const scatter = (into: typeof x, values: typeof x) => only(g.node('ScatterND', [into, indices, values], attrs, [g.type(into)]));
    return [scattered(g, x, updates, reduction, scatter)];
  },
  evaluate: ({ x, indices, updates }, { reduction }) => {
    const width = indices.shape.at(-1) ?? 0;
    const strides = stridesOf(x.shape);
    const run = sizeOf(x.shape.slice(width));
    const rows = sizeOf(indices.shape.slice(0, -1));
    const y = ndArray(x.dtype, x.shape, Float64Array.from(x.data));
    for (let row = 0; row < rows; row++) {
      const start = rowOffset(indices, row, width, x.shape, strides);
      for (let i = 0; i < run; i++) y.data[start + i] = combine(reduction, at(y, start + i), at(updates, row * run + i));
    }
    return [y];
  },
  // See scatterGradients; none: dx = dy with zeros at the indices, du = dy at the indices
  grad: (g, { x: { x, indices, updates }, y, dy, attrs }) => {
    const routes: Routes<typeof x> = {
      scatter: (into, values, reduction) => g.op('scatter_nd', [into, indices, values], { reduction }),
      gather: (from) => g.op('gather_nd', [from, indices]),
    };
    const [dx, du] = scatterGradients(g, routes, x, updates, only(y), only(dy), attrs.reduction);
    return { x: dx, updates: du };
  },
  samples: [
    { inputs: { x: floats32([4, 2]), indices: exactly('i64', [2, 1], [1, 3]), updates: floats32([2, 2]) } },
    {
      inputs: { x: floats32([2, 3]), indices: exactly('i64', [3, 2], [0, 1, 1, -1, 0, 1]), updates: floats32([3]) },
      attrs: { reduction: 'add' },
    },
    {
      inputs: { x: floats32([3, 2], 0.5, 2), indices: exactly('i64', [2, 1], [0, 0]), updates: floats32([2, 2], 0.5, 2) },
      attrs: { reduction: 'mul' },
    },
    { inputs: { x: floats32([3]), indices: exactly('i64', [3, 1], [2, 2, 0]), updates: floats32([3]) }, attrs: { reduction: 'max' } },
    { inputs: { x: floats32([3]), indices: exactly('i64', [3, 1], [2, 2, 0]), updates: floats32([3]) }, attrs: { reduction: 'min' } },
  ],
});
