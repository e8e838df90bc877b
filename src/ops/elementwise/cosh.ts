import { unary, unarySamples } from './unary.js';

export const cosh = unary({
  name: 'cosh',
  summary: 'The hyperbolic cosine of each element.',
  source: 'ONNX Cosh, torch.cosh',
  of: Math.cosh,
  onnx: 'Cosh',
  // dx = dy * sinh(x)
  grad: (g, { x, dy }) => g.mul(dy, g.op('sinh', [x])),
  samples: unarySamples(-2, 2),
});
