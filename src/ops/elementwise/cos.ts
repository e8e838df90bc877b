import { isPortable } from '../capabilities/capability.js';
import { gpuSine } from './gpu-sine.js';
import { node, unary, unarySample, unarySamples } from './unary.js';

export const cos = unary({
  name: 'cos',
  summary: 'The cosine of each element, in radians.',
  source: 'ONNX Cos, torch.cos',
  of: Math.cos,
  onnx: (g, x) => (g.type(x).dtype === 'f32' && !isPortable(g.target, 'Cos') ? gpuSine(g, x, 'cos') : node(g, 'Cos', x)),
  // dx = -dy * sin(x)
  grad: (g, { x, dy }) => g.neg(g.mul(dy, g.op('sin', [x]))),
  samples: [...unarySamples(-3, 3), unarySample(0, -40, 1000, -31_415.5, 100_000)],
});
