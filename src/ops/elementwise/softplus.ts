import { isPortable } from '../capabilities/capability.js';
import { log1pOfFraction } from './near-zero.js';
import { node, unary, unarySample, unarySamples } from './unary.js';

export const softplus = unary({
  name: 'softplus',
  summary: 'A smooth relu: log(1 + e^x), without overflow, and exact also where it is small.',
  source: 'ONNX Softplus, torch.nn.functional.softplus',
  of: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  onnx: (g, x) => {
    // ONNX Runtime has no kernel for doubles, and WebGPU's computes log(1 + e^x) literally.
    if (isPortable(g.target, 'Softplus', 'f32', 'small-results') && g.type(x).dtype !== 'f64') return node(g, 'Softplus', x);
    const fraction = node(g, 'Exp', node(g, 'Neg', node(g, 'Abs', x)));
    return node(g, 'Add', node(g, 'Relu', x), log1pOfFraction(g, fraction));
  },
  cost: 3,
  // dx = dy * sigmoid(x)
  grad: (g, { x, dy }) => g.mul(dy, g.sigmoid(x)),
  samples: [...unarySamples(-4, 4), unarySample(-100, -30, 30, 100)],
});
