import { unary, unarySamples } from './unary.js';

export const log = unary({
  name: 'log',
  summary: 'The natural logarithm of each element.',
  source: 'ONNX Log, torch.log',
  of: Math.log,
  onnx: 'Log',
  // dx = dy / x
  grad: (g, { x, dy }) => g.div(dy, x),
  samples: unarySamples(0.1, 4),
});
