import { ints64 } from '../sample.js';
import { node, unary, unarySamples } from './unary.js';

export const square = unary({
  name: 'square',
  summary: 'Each element times itself.',
  source: 'torch.square',
  takes: 'number',
  of: (x) => x * x,
  onnx: (g, x) => node(g, 'Mul', x, x),
  // dx = 2 * dy * x
  grad: (g, { x, dy }) => g.scale(g.mul(dy, x), 2),
  samples: [...unarySamples(-2, 2), { inputs: { x: ints64([5], -9, 9) } }],
});
