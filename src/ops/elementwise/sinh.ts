import { unary, unarySamples } from './unary.js';

export const sinh = unary({
  name: 'sinh',
  summary: 'The hyperbolic sine of each element.',
  source: 'ONNX Sinh, torch.sinh',
  of: Math.sinh,
  onnx: 'Sinh',
  // dx = dy * cosh(x)
  grad: (g, { x, dy }) => g.mul(dy, g.op('cosh', [x])),
  samples: unarySamples(-2, 2),
});
