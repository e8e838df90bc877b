import { Dim } from '../../dims/dim.js';
import { int } from '../attrs.js';
import type { Builder } from '../builder.js';
import { core } from '../define.js';
import { ndArray, sizeOf, stridesOf } from '../nd/array.js';
import { only } from '../only.js';
import type { Rule } from '../rule.js';
import { exactly, floats32 } from '../sample.js';
import { noFlops } from '../sizes.js';
import type { Shape, TensorType } from '../types.js';
import { rowOffset } from './indices.js';

export const gatherNd = core({
  name: 'gather_nd',
  family: 'index',
  doc: {
    summary: 'Takes one slice of `x` for each row of coordinates on the last axis of `indices`.',
    example: 'gather_nd(x, indices)',
    source: 'ONNX GatherND',
  },
  inputs: { x: '[*batch, d1, ..., dk, *rest]', indices: 'i64[*batch, *rows, k]' },
  attrs: { batch_dims: int('how many leading axes both have in common', 0) },
  outputs: ['y'],
  infer: (rule, { x, indices }, { batch_dims }) => {
    const width = demandRows(rule, x, indices, batch_dims);
    return [{ dtype: x.dtype, shape: [...indices.shape.slice(0, -1), ...x.shape.slice(batch_dims + width)] }];
  },
  flops: noFlops,
  onnx: (g, { x, indices }, { batch_dims }, y) => g.node('GatherND', [x, indices], { batch_dims: { int: batch_dims } }, [only(y)]),
  evaluate: ({ x, indices }, { batch_dims }) => {
    const width = indices.shape.at(-1) ?? 0;
    const strides = stridesOf(x.shape);
    const run = sizeOf(x.shape.slice(batch_dims + width));
    const y = ndArray(x.dtype, [...indices.shape.slice(0, -1), ...x.shape.slice(batch_dims + width)]);
    const rows = sizeOf(indices.shape.slice(0, -1));
    const rowsPerBatch = sizeOf(indices.shape.slice(batch_dims, -1));
    const batchSize = sizeOf(x.shape.slice(batch_dims));
    for (let row = 0; row < rows; row++) {
      const start = Math.floor(row / rowsPerBatch) * batchSize + rowOffset(indices, row, width, x.shape, strides, batch_dims);
      y.data.set(x.data.subarray(start, start + run), row * run);
    }
    return [y];
  },
  // dx = zeros with every slice of dy added where it came from
  grad: (g, { x: { x, indices }, dy, attrs }) => ({
    x: g.op('scatter_nd', [g.zerosLike(x), withBatchCoordinates(g, indices, attrs.batch_dims), only(dy)], { reduction: 'add' }),
  }),
  samples: [
    { inputs: { x: floats32([2, 3]), indices: exactly('i64', [2, 2], [0, 2, 1, -1]) } },
    { inputs: { x: floats32([3, 2, 2]), indices: exactly('i64', [2, 1, 1], [2, 0]) } },
    { inputs: { x: floats32([2, 3, 2]), indices: exactly('i64', [2, 1], [1, 2]) }, attrs: { batch_dims: 1 } },
    { inputs: { x: floats32([2, 3, 2]), indices: exactly('i64', [2, 2, 2], [1, 0, 2, 1, 0, 0, 0, 0]) }, attrs: { batch_dims: 1 } },
  ],
});

/** Demands index rows that fit `x`, and returns how many coordinates a row has. */
function demandRows(rule: Rule, x: TensorType, indices: TensorType, batch: number): number {
  rule.dtype('indices', indices, ['i64']);
  if (batch < 0) rule.fail('bad-option', { message: `\`batch_dims\` cannot be negative, but is ${batch}`, attr: 'batch_dims' });
  rule.rank('x', x, { min: batch + 1 }, '[*batch, ..., *rest]');
  rule.rank('indices', indices, { min: batch + 1 }, '[*batch, *rows, k]');
  for (const [i, size] of indices.shape.slice(0, batch).entries()) {
    const wanted: Dim = x.shape[i] ?? size;
    rule.equal(size, wanted, () => ({
      message: `the batch axis ${i} is ${wanted} in \`x\` and ${size} in \`indices\``,
      input: 'indices',
    }));
  }
  return coordinateCount(rule, x.shape.length - batch, indices.shape);
}

/** The size of the last axis of an index table: a number, at most the number of axes to address. */
export function coordinateCount(rule: Rule, axes: number, indices: Shape): number {
  const width = indices.at(-1)?.constant;
  if (width === undefined) {
    return rule.fail('shape-mismatch', {
      message: `the last axis of \`indices\` is ${indices.at(-1)}, but how many coordinates a row has must be a number`,
      input: 'indices',
    });
  }
  if (width > axes) {
    rule.fail('shape-mismatch', {
      message: `a row of \`indices\` has ${width} coordinates, but there are only ${axes} axes`,
      input: 'indices',
    });
  }
  return width;
}

/** Index rows with the coordinates on the batch axes in front, so that none are implied. */
function withBatchCoordinates<V>(g: Builder<V>, indices: V, batch: number): V {
  const shape = g.shape(indices);
  const rows = [...shape.slice(0, -1), Dim.one];
  const coordinates = shape.slice(0, batch).map((size, axis) => {
    const ramp = g.op('range', [], { end: size });
    const aligned = g.unsqueeze(
      ramp,
      [...rows.keys()].filter((i) => i !== axis),
    );
    return g.expand(aligned, rows);
  });
  return batch === 0 ? indices : g.concat([...coordinates, indices], rows.length - 1);
}
