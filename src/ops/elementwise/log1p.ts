import { log1pNodes } from './near-zero.js';
import { unary, unarySample, unarySamples } from './unary.js';

export const log1p = unary({
  name: 'log1p',
  summary: '`log(1 + x)`, exact also near 0.',
  source: 'torch.log1p',
  of: Math.log1p,
  onnx: log1pNodes,
  cost: 5,
  // dx = dy / (1 + x)
  grad: (g, { x, dy }) => g.div(dy, g.shift(x, 1)),
  samples: [...unarySamples(-0.5, 3), unarySample(-1e-9, 1e-9, 3e-5, 0)],
});
