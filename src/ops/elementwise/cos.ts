import { unary, unarySamples } from './unary.js';

export const cos = unary({
  name: 'cos',
  summary: 'The cosine of each element, in radians.',
  source: 'ONNX Cos, torch.cos',
  of: Math.cos,
  onnx: 'Cos',
  // dx = -dy * sin(x)
  grad: (g, { x, dy }) => g.neg(g.mul(dy, g.op('sin', [x]))),
  samples: unarySamples(-3, 3),
});
