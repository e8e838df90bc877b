import { only } from '../only.js';
import { node, unary, unarySample, unarySamples } from './unary.js';

export const log1p = unary({
  name: 'log1p',
  summary: '`log(1 + x)`, exact also near 0.',
  source: 'torch.log1p',
  of: Math.log1p,
  // With d = (1 + x) - 1 as rounded: log(1 + d) * (x / d), where the errors of the two factors cancel (Kahan).
  // Only 0 and infinity are their own doubles; there x / d has no value, and log1p(x) is x.
  onnx: (g, x) => {
    const type = g.type(x);
    const one = g.scalar(1, type.dtype);
    const sum = node(g, 'Add', x, one);
    const d = node(g, 'Sub', sum, one);
    const singular = only(g.node('Equal', [d, node(g, 'Add', d, d)], {}, [{ ...type, dtype: 'bool' }]));
    const product = node(g, 'Mul', node(g, 'Log', sum), node(g, 'Div', x, d));
    return only(g.node('Where', [singular, x, product], {}, [type]));
  },
  cost: 5,
  // dx = dy / (1 + x)
  grad: (g, { x, dy }) => g.div(dy, g.shift(x, 1)),
  samples: [...unarySamples(-0.5, 3), unarySample(-1e-9, 1e-9, 3e-5, 0)],
});
