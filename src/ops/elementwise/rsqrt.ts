import { node, unary, unarySamples } from './unary.js';

export const rsqrt = unary({
  name: 'rsqrt',
  summary: '1 divided by the square root of each element.',
  source: 'torch.rsqrt',
  of: (x) => 1 / Math.sqrt(x),
  onnx: (g, x) => node(g, 'Reciprocal', node(g, 'Sqrt', x)),
  cost: 2,
  // dx = -dy * y^3 / 2
  grad: (g, { y, dy }) => g.scale(g.mul(dy, g.mul(y, g.mul(y, y))), -0.5),
  samples: unarySamples(0.1, 4),
});
