import { mayRunOnJsep } from '../targets.js';
import { node, unary, unarySample, unarySamples } from './unary.js';

export const softplus = unary({
  name: 'softplus',
  summary: 'A smooth relu: log(1 + e^x), without overflow.',
  source: 'ONNX Softplus, torch.nn.functional.softplus',
  of: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  onnx: (g, x) => {
    if (!mayRunOnJsep(g.target)) return node(g, 'Softplus', x);
    // max(x, 0) + log(1 + e^-|x|)
    const one = g.scalar(1, g.type(x).dtype);
    const tail = node(g, 'Log', node(g, 'Add', node(g, 'Exp', node(g, 'Neg', node(g, 'Abs', x))), one));
    return node(g, 'Add', node(g, 'Relu', x), tail);
  },
  cost: 3,
  // dx = dy * sigmoid(x)
  grad: (g, { x, dy }) => g.mul(dy, g.sigmoid(x)),
  samples: [...unarySamples(-4, 4), unarySample(-100, -30, 30, 100)],
});
