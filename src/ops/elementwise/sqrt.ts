import { unary, unarySamples } from './unary.js';

export const sqrt = unary({
  name: 'sqrt',
  summary: 'The square root of each element.',
  source: 'ONNX Sqrt, torch.sqrt',
  of: Math.sqrt,
  onnx: 'Sqrt',
  // dx = dy / (2 y)
  grad: (g, { y, dy }) => g.div(dy, g.scale(y, 2)),
  samples: unarySamples(0.1, 4),
});
