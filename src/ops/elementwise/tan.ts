import { unary, unarySamples } from './unary.js';

export const tan = unary({
  name: 'tan',
  summary: 'The tangent of each element, in radians.',
  source: 'ONNX Tan, torch.tan',
  of: Math.tan,
  onnx: 'Tan',
  // dx = dy * (1 + y^2)
  grad: (g, { y, dy }) => g.mul(dy, g.shift(g.mul(y, y), 1)),
  samples: unarySamples(-1.2, 1.2),
});
