import { unary, unarySamples } from './unary.js';

export const reciprocal = unary({
  name: 'reciprocal',
  summary: '1 divided by each element.',
  source: 'ONNX Reciprocal, torch.reciprocal',
  of: (x) => 1 / x,
  onnx: 'Reciprocal',
  // dx = -dy * y^2
  grad: (g, { y, dy }) => g.neg(g.mul(dy, g.mul(y, y))),
  samples: unarySamples(0.2, 3),
});
