import { isPortable } from '../capabilities/capability.js';
import { node, unary, unarySamples } from './unary.js';

export const softsign = unary({
  name: 'softsign',
  summary: '`x / (1 + |x|)`.',
  source: 'ONNX Softsign, torch.nn.functional.softsign',
  of: (x) => x / (1 + Math.abs(x)),
  onnx: (g, x) => {
    if (isPortable(g.target, 'Softsign')) return node(g, 'Softsign', x);
    return node(g, 'Div', x, node(g, 'Add', node(g, 'Abs', x), g.scalar(1, g.type(x).dtype)));
  },
  cost: 3,
  // dx = dy / (1 + |x|)^2
  grad: (g, { x, dy }) => {
    const size = g.shift(g.abs(x), 1);
    return g.div(dy, g.mul(size, size));
  },
  samples: unarySamples(-3, 3),
});
