import { unary, unarySample, unarySamples } from './unary.js';

export const floor = unary({
  name: 'floor',
  summary: 'The largest whole number that is not above the element.',
  source: 'ONNX Floor, torch.floor',
  of: Math.floor,
  onnx: 'Floor',
  grad: 'none',
  samples: [...unarySamples(-3, 3), unarySample(-1.5, -0.25, 0.25, 2.5)],
});
