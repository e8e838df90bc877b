import type { OnnxCall, Translation } from './call.js';

function options<V>(c: OnnxCall<V>): Readonly<Record<string, unknown>> {
  const ignore_index = c.has('ignore_index') ? c.int('ignore_index', 0) : undefined;
  return { axis: 1, ignore_index, reduction: c.string('reduction', 'mean') };
}

export const losses: Readonly<Record<string, Translation>> = {
  NegativeLogLikelihoodLoss: (c) => [c.g.op('nll_loss', [c.in(0), c.in(1), c.x(2)], options(c))],
  SoftmaxCrossEntropyLoss: (c) => [
    c.g.op('cross_entropy', [c.in(0), c.in(1), c.x(2)], options(c)),
    ...(c.wants(1) ? [c.g.op('log_softmax', [c.in(0)], { axis: 1 })] : []),
  ],
};
