import { isPortable } from '../capabilities/capability.js';
import { gpuSine } from './gpu-sine.js';
import { node, unary, unarySample, unarySamples } from './unary.js';

export const sin = unary({
  name: 'sin',
  summary: 'The sine of each element, in radians.',
  source: 'ONNX Sin, torch.sin',
  of: Math.sin,
  onnx: (g, x) => (g.type(x).dtype === 'f32' && !isPortable(g.target, 'Sin') ? gpuSine(g, x, 'sin') : node(g, 'Sin', x)),
  // dx = dy * cos(x)
  grad: (g, { x, dy }) => g.mul(dy, g.op('cos', [x])),
  samples: [...unarySamples(-3, 3), unarySample(0, -40, 1000, -31_415.5, 100_000)],
});
