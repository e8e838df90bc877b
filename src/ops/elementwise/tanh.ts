import { unary, unarySamples } from './unary.js';

export const tanh = unary({
  name: 'tanh',
  summary: 'The hyperbolic tangent of each element.',
  source: 'ONNX Tanh, torch.tanh',
  of: Math.tanh,
  onnx: 'Tanh',
  // dx = dy - dy * y^2
  grad: (g, { y, dy }) => g.sub(dy, g.mul(dy, g.mul(y, y))),
  samples: unarySamples(-3, 3),
});
