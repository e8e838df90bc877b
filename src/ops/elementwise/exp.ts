import { unary, unarySamples } from './unary.js';

export const exp = unary({
  name: 'exp',
  summary: 'The exponential of each element, `e^x`.',
  source: 'ONNX Exp, torch.exp',
  of: Math.exp,
  onnx: 'Exp',
  // dx = dy * y
  grad: (g, { y, dy }) => g.mul(dy, y),
  samples: unarySamples(-2, 2),
});
