import { node, unaryComposite, unarySamples } from './unary.js';

export const hardswish = unaryComposite({
  name: 'hardswish',
  summary: '`x * hardsigmoid(x)`.',
  source: 'ONNX HardSwish, torch.nn.functional.hardswish; Howard et al. 2019',
  cost: 4,
  lower: (g, x) => g.mul(x, g.op('hardsigmoid', [x])),
  forms: [{ name: 'ONNX HardSwish', onnx: (g, x) => node(g, 'HardSwish', x) }],
  samples: unarySamples(-5, 5),
});
