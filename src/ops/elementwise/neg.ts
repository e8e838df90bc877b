import { ints64 } from '../sample.js';
import { unary, unarySamples } from './unary.js';

export const neg = unary({
  name: 'neg',
  summary: 'The negative of each element; also written `-x`.',
  source: 'ONNX Neg, torch.neg',
  takes: 'number',
  of: (x) => -x,
  onnx: 'Neg',
  // dx = -dy
  grad: (g, { dy }) => g.neg(dy),
  samples: [...unarySamples(-2, 2), { inputs: { x: ints64([5], -9, 9) } }],
});
