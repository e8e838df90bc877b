import { unary, unarySamples } from './unary.js';

export const sigmoid = unary({
  name: 'sigmoid',
  summary: 'The logistic function 1 / (1 + e^-x).',
  source: 'ONNX Sigmoid, torch.sigmoid',
  of: (x) => 1 / (1 + Math.exp(-x)),
  onnx: 'Sigmoid',
  // dx = dy * y * (1 - y)
  grad: (g, { y, dy }) => g.mul(dy, g.sub(y, g.mul(y, y))),
  samples: unarySamples(-5, 5),
});
