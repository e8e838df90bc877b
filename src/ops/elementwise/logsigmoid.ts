import { unaryComposite, unarySample, unarySamples } from './unary.js';

export const logsigmoid = unaryComposite({
  name: 'logsigmoid',
  summary: 'The logarithm of `sigmoid(x)`, without underflow.',
  source: 'torch.nn.functional.logsigmoid',
  cost: 4,
  lower: (g, x) => g.neg(g.op('softplus', [g.neg(x)])),
  samples: [...unarySamples(-4, 4), unarySample(-100, -30, 10)],
});
