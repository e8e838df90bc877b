import { unary, unarySamples } from './unary.js';

export const asin = unary({
  name: 'asin',
  summary: 'The angle whose sine is the element, between -pi/2 and pi/2.',
  source: 'ONNX Asin, torch.asin',
  of: Math.asin,
  onnx: 'Asin',
  // dx = dy / sqrt(1 - x^2)
  grad: (g, { x, dy }) => g.div(dy, g.sqrt(g.shift(g.neg(g.mul(x, x)), 1))),
  samples: unarySamples(-0.9, 0.9),
});
