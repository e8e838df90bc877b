import { node, unaryComposite, unarySamples } from './unary.js';

export const mish = unaryComposite({
  name: 'mish',
  summary: '`x * tanh(softplus(x))`.',
  source: 'ONNX Mish, torch.nn.functional.mish; Misra 2019',
  cost: 5,
  lower: (g, x) => g.mul(x, g.tanh(g.op('softplus', [x]))),
  fused: (g, x) => node(g, 'Mish', x),
  samples: unarySamples(-5, 5),
});
