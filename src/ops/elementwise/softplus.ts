import { unary, unarySample, unarySamples } from './unary.js';

export const softplus = unary({
  name: 'softplus',
  summary: 'A smooth relu: log(1 + e^x), without overflow.',
  source: 'ONNX Softplus, torch.nn.functional.softplus',
  of: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  onnx: 'Softplus',
  cost: 3,
  // dx = dy * sigmoid(x)
  grad: (g, { x, dy }) => g.mul(dy, g.sigmoid(x)),
  samples: [...unarySamples(-4, 4), unarySample(-100, -30, 30, 100)],
});
