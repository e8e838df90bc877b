import { unary, unarySamples } from './unary.js';

export const atan = unary({
  name: 'atan',
  summary: 'The angle whose tangent is the element, between -pi/2 and pi/2.',
  source: 'ONNX Atan, torch.atan',
  of: Math.atan,
  onnx: 'Atan',
  // dx = dy / (1 + x^2)
  grad: (g, { x, dy }) => g.div(dy, g.shift(g.mul(x, x), 1)),
  samples: unarySamples(-3, 3),
});
