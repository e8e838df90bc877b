import { ints64 } from '../sample.js';
import { unary, unarySamples } from './unary.js';

export const abs = unary({
  name: 'abs',
  summary: 'The absolute value of each element.',
  source: 'ONNX Abs, torch.abs',
  takes: 'number',
  of: Math.abs,
  onnx: 'Abs',
  // dx = dy * sign(x), 0 at 0
  grad: (g, { x, dy }) => g.mul(dy, g.sign(x)),
  samples: [...unarySamples(-2, 2), { inputs: { x: ints64([5], -9, 9) } }],
});
