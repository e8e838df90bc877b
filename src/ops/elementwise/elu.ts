import { float, positional } from '../attrs.js';
import { nodeWith, unary, unarySamples } from './unary.js';

export const elu = unary({
  name: 'elu',
  summary: 'Negative elements become `alpha * (e^x - 1)`. ONNX Runtime rounds `e^x` first: the error near 0 is about `alpha * 6e-8`.',
  source: 'ONNX Elu, torch.nn.functional.elu; Clevert et al. 2015',
  attrs: { alpha: positional(float('very negative elements go to -alpha', 1)) },
  of: (x, { alpha }) => (x < 0 ? alpha * Math.expm1(x) : x),
  onnx: (g, x, { alpha }) => nodeWith(g, 'Elu', x, { alpha }),
  cost: 2,
  // dx = dy where x > 0, else dy * (y + alpha)
  grad: (g, { x, y, dy, attrs }) => g.where(g.greater(x, g.scalar(0, x)), dy, g.mul(dy, g.shift(y, attrs.alpha))),
  samples: [...unarySamples(-2, 2), ...unarySamples(-2, 2).map((sample) => ({ ...sample, attrs: { alpha: 0.5 } }))],
});
