import { expm1Nodes } from './near-zero.js';
import { unary, unarySample, unarySamples } from './unary.js';

export const expm1 = unary({
  name: 'expm1',
  summary: '`e^x - 1`, exact also near 0.',
  source: 'torch.expm1',
  of: Math.expm1,
  onnx: expm1Nodes,
  cost: 4,
  // dx = dy * (y + 1)
  grad: (g, { y, dy }) => g.mul(dy, g.shift(y, 1)),
  samples: [...unarySamples(-2, 2), unarySample(-1e-6, 1e-6, 3e-5)],
});
