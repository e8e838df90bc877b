import { exactly, ints64 } from '../sample.js';
import { widenInts } from '../widen-ints.js';
import { node, unary, unarySamples } from './unary.js';

export const neg = unary({
  name: 'neg',
  summary: 'The negative of each element; also written `-x`.',
  source: 'ONNX Neg, torch.neg',
  takes: 'number',
  of: (x) => -x,
  onnx: (g, x) => widenInts(g, [x], ['i8', 'i16', 'i32', 'i64'], (wide) => node(g, 'Neg', wide)),
  // dx = -dy
  grad: (g, { dy }) => g.neg(dy),
  samples: [...unarySamples(-2, 2), { inputs: { x: ints64([5], -9, 9) } }, { inputs: { x: exactly('u8', [3], [0, 1, 255]) } }],
});
