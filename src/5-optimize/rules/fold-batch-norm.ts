import type { OpNode, Value } from '../../3-graph/graph.js';
import type { GraphBuilder } from '../../3-graph/graph-builder.js';
import { bindInputs } from '../../ops/bind.js';
import { rule } from '../rule.js';

interface Match {
  readonly norm: OpNode;
  readonly conv: OpNode;
}

/**
 * Lets a convolution do what the batch norm after it does.
 *
 * Before: `y = batch_norm(conv2d(x, w, b), mean, var, gamma, beta)`. After: `y = conv2d(x, w * f, (b - mean) * f + beta)` with `f = gamma / sqrt(var + eps)`, one number for each output channel.
 * Both are linear in `x`, with equal factors. ONNX Runtime does the same when it loads a file; here, the file gets smaller, and loads faster.
 */
export const foldBatchNorm = rule<Match>({
  name: 'fold-batch-norm',
  summary: 'lets a convolution do what the batch norm after it does',
  level: 2,
  match: (norm) => {
    const [x] = norm.inputs;
    if (norm.op.name !== 'batch_norm' || x === undefined || !('source' in x) || x.source.kind !== 'node') return undefined;
    const conv = x.source.node;
    return conv.kind === 'op' && /^conv[123]d$/.test(conv.op.name) ? { norm, conv } : undefined;
  },
  when: ({ norm, conv }, cx) => {
    const [, ...statistics] = norm.inputs;
    const [, ...weights] = conv.inputs;
    if (![...statistics, ...weights].every((value) => value === undefined || cx.isWeight(value as Value)))
      return 'the weights are computed from the inputs of the model';
    return conv.outputs[0]?.users.size === 1 ? undefined : 'something else reads the result of the convolution';
  },
  rewrite: (g, { norm, conv }) => {
    const { mean, var: variance, weight: gamma, bias: beta } = bindInputs(norm.op, norm.inputs) as Record<string, Value | undefined>;
    const { x, weight, bias } = bindInputs(conv.op, conv.inputs) as Record<string, Value | undefined>;
    if (x === undefined || weight === undefined || mean === undefined || variance === undefined) return norm.outputs;
    const deviation = g.sqrt(g.shift(variance, norm.attrs.eps as number));
    const factor = g.div(gamma ?? g.scalar(1, deviation), deviation);
    const centre = bias === undefined ? g.neg(mean) : g.sub(bias, mean);
    const shift = g.mul(centre, factor);
    return [
      g.op(conv.op.name, [x, g.mul(weight, perOutput(g, factor, weight)), beta === undefined ? shift : g.add(shift, beta)], conv.attrs),
    ];
  },
});

/** A vector with one number for each output channel as a factor of the filters, `[O, C, ..]`. */
function perOutput(g: GraphBuilder, vector: Value, weight: Value): Value {
  return g.reshape(vector, [...g.shape(vector), ...Array(g.rank(weight) - 1).fill(1)]);
}
