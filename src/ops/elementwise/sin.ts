import { unary, unarySamples } from './unary.js';

export const sin = unary({
  name: 'sin',
  summary: 'The sine of each element, in radians.',
  source: 'ONNX Sin, torch.sin',
  of: Math.sin,
  onnx: 'Sin',
  // dx = dy * cos(x)
  grad: (g, { x, dy }) => g.mul(dy, g.op('cos', [x])),
  samples: unarySamples(-3, 3),
});
