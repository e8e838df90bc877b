import { unary, unarySamples } from './unary.js';

export const acos = unary({
  name: 'acos',
  summary: 'The angle whose cosine is the element, between 0 and pi.',
  source: 'ONNX Acos, torch.acos',
  of: Math.acos,
  onnx: 'Acos',
  // dx = -dy / sqrt(1 - x^2)
  grad: (g, { x, dy }) => g.neg(g.div(dy, g.sqrt(g.shift(g.neg(g.mul(x, x)), 1)))),
  samples: unarySamples(-0.9, 0.9),
});
