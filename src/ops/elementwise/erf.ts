import { erf as errorFunction } from '../nd/erf.js';
import { unary, unarySample, unarySamples } from './unary.js';

export const erf = unary({
  name: 'erf',
  summary: 'The Gauss error function of each element.',
  source: 'ONNX Erf, torch.erf',
  of: errorFunction,
  onnx: 'Erf',
  // dx = dy * 2/sqrt(pi) * exp(-x^2)
  grad: (g, { x, dy }) => g.scale(g.mul(dy, g.exp(g.neg(g.mul(x, x)))), 2 / Math.sqrt(Math.PI)),
  samples: [...unarySamples(-2, 2), unarySample(-8, -4, -1e-3, 1e-3, 3, 5)],
});
