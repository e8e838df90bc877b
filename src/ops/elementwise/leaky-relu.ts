import { float, positional } from '../attrs.js';
import { nodeWith, unary, unarySamples } from './unary.js';

export const leakyRelu = unary({
  name: 'leaky_relu',
  summary: 'Negative elements are multiplied by `slope`.',
  example: 'x -> leaky_relu(slope = 0.2)',
  source: 'ONNX LeakyRelu, torch.nn.functional.leaky_relu',
  attrs: { slope: positional(float('factor of negative elements', 0.01)) },
  of: (x, { slope }) => (x < 0 ? slope * x : x),
  onnx: (g, x, { slope }) => nodeWith(g, 'LeakyRelu', x, { alpha: slope }),
  // dx = dy where x > 0, else slope * dy
  grad: (g, { x, dy, attrs }) => g.where(g.greater(x, g.scalar(0, x)), dy, g.scale(dy, attrs.slope)),
  samples: [...unarySamples(-2, 2), ...unarySamples(-2, 2).map((sample) => ({ ...sample, attrs: { slope: 0.25 } }))],
});
