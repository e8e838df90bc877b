import { axis, int } from '../attrs.js';
import type { Builder } from '../builder.js';
import { composite } from '../define.js';
import { nth } from '../only.js';
import { demandElements } from '../reduce/reduction.js';
import { exactly } from '../sample.js';
import { elements, fromStart } from '../sizes.js';
import { demandLabels } from './class-axis.js';
import { meanOver } from './reduction.js';

export const accuracy = composite({
  name: 'accuracy',
  family: 'loss',
  doc: {
    summary: 'The share of positions whose highest score is that of their label; 0 if none counts.',
    example: 'accuracy(logits, labels)',
    source: 'torchmetrics multiclass accuracy, micro average',
  },
  inputs: { logits: '[*positions, classes]', labels: 'integers [*positions]' },
  attrs: { ignore_index: int('positions with this label do not count', -100), axis: axis('the axis of the classes', -1) },
  outputs: ['share'],
  infer: (rule, { logits, labels }, { axis }) => {
    demandLabels(rule, 'logits', logits, labels, axis);
    demandElements(rule, 'accuracy', logits, [fromStart(axis, logits.shape.length)]);
    return [{ dtype: logits.dtype, shape: [] }];
  },
  flops: ({ logits }) => elements(logits),
  lower: (g, { logits, labels: given }, { ignore_index, axis }) => {
    // int64 comparisons run only on the CPU.
    const labels = g.cast(given, 'i32');
    const dtype = g.type(logits).dtype;
    const counts = g.not(g.equal(labels, g.scalar(ignore_index, labels)));
    const hits = g.and(g.equal(firstOfGreatest(g, logits, fromStart(axis, g.rank(logits))), g.cast(labels, 'f32')), counts);
    // f16 counts only up to 2048.
    const real = dtype === 'f64' ? 'f64' : 'f32';
    return [g.cast(meanOver(g, g.sum(g.cast(hits, real)), g.sum(g.cast(counts, real))), dtype)];
  },
  grad: 'none',
  samples: [
    {
      inputs: { logits: exactly('f32', [3, 3], [0.1, 0.7, 0.2, 0.9, 0.3, 0.1, 0.2, 0.1, 0.4]), labels: exactly('i64', [3], [1, 2, 2]) },
    },
    {
      inputs: { logits: exactly('f32', [2, 2, 2], [1, 2, 3, 4, 5, 1, 2, 3]), labels: exactly('i32', [2, 2], [0, -100, 1, 1]) },
      attrs: { axis: 1 },
    },
    { inputs: { logits: exactly('f32', [2, 2], [1, 2, 3, 4]), labels: exactly('i64', [2], [1, 1]) }, attrs: { ignore_index: 1 } },
  ],
});

/** The position of the greatest element along an axis, of the first one if several are equal, as f32: WebGPU does not compute with the i64 of ONNX ArgMax. */
function firstOfGreatest<V>(g: Builder<V>, scores: V, axis: number): V {
  const classes = nth(g.shape(scores), axis);
  const trailing = Array.from({ length: g.rank(scores) - 1 - axis }, (_, i) => i + 1);
  const all = g.op('range', [], { end: classes, dtype: 'f32' });
  const positions = trailing.length === 0 ? all : g.unsqueeze(all, trailing);
  const isGreatest = g.equal(scores, g.max(scores, [axis], true));
  return g.op('min', [g.where(isGreatest, positions, g.size(classes, 'f32'))], { axes: [axis], keep: false });
}
