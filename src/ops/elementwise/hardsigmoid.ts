import { nodeWith, unaryComposite, unarySamples, upTo } from './unary.js';

export const hardsigmoid = unaryComposite({
  name: 'hardsigmoid',
  summary: '`x / 6 + 1/2`, limited to 0 and 1.',
  source: 'ONNX HardSigmoid with alpha = 1/6, torch.nn.functional.hardsigmoid',
  cost: 3,
  // The slope is 0 at -3 and at 3; that of clip is not.
  lower: (g, x) => upTo(g, g.relu(g.shift(g.scale(x, 1 / 6), 0.5)), 1),
  forms: [{ name: 'ONNX HardSigmoid', onnx: (g, x) => nodeWith(g, 'HardSigmoid', x, { alpha: 1 / 6, beta: 0.5 }) }],
  samples: unarySamples(-5, 5),
});
