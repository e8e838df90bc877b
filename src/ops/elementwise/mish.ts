import { isPortable } from '../capabilities/capability.js';
import { node, unaryComposite, unarySamples } from './unary.js';

export const mish = unaryComposite({
  name: 'mish',
  summary: '`x * tanh(softplus(x))`.',
  source: 'ONNX Mish, torch.nn.functional.mish; Misra 2019',
  cost: 5,
  // With e = e^x, the hyperbolic tangent is e(e + 2) / (e(e + 2) + 2), which keeps its precision where it is small; from 20 on it is 1.
  lower: (g, x) => {
    const exp = g.exp(g.op('clip', [x], { max: 20 }));
    const product = g.mul(exp, g.shift(exp, 2));
    return g.mul(x, g.div(product, g.shift(product, 2)));
  },
  forms: [
    {
      name: 'ONNX Mish',
      fits: ({ target }, { dtype }) => isPortable(target, 'Mish', 'f32', 'small-results') && dtype !== 'f64',
      onnx: (g, x) => node(g, 'Mish', x),
    },
  ],
  samples: unarySamples(-5, 5),
});
