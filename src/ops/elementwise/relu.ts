import { unary, unarySamples } from './unary.js';

export const relu = unary({
  name: 'relu',
  summary: 'Negative elements become 0.',
  source: 'ONNX Relu, torch.nn.functional.relu',
  of: (x) => Math.max(x, 0),
  onnx: 'Relu',
  // dx = dy where y > 0, else 0
  grad: (g, { y, dy }) => g.where(g.greater(y, g.scalar(0, y)), dy, g.scalar(0, dy)),
  samples: unarySamples(-2, 2),
});
