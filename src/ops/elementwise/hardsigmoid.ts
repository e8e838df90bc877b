import { nodeWith, unaryComposite, unarySamples } from './unary.js';

export const hardsigmoid = unaryComposite({
  name: 'hardsigmoid',
  summary: '`x / 6 + 1/2`, limited to 0 and 1.',
  source: 'ONNX HardSigmoid with alpha = 1/6, torch.nn.functional.hardsigmoid',
  cost: 3,
  lower: (g, x) => g.op('clip', [g.shift(g.scale(x, 1 / 6), 0.5)], { min: 0, max: 1 }),
  fused: { onnx: (g, x) => nodeWith(g, 'HardSigmoid', x, { alpha: 1 / 6, beta: 0.5 }) },
  samples: unarySamples(-5, 5),
});
