import { unary, unarySample, unarySamples } from './unary.js';

export const ceil = unary({
  name: 'ceil',
  summary: 'The smallest whole number that is not below the element.',
  source: 'ONNX Ceil, torch.ceil',
  of: Math.ceil,
  onnx: 'Ceil',
  grad: 'none',
  samples: [...unarySamples(-3, 3), unarySample(-1.5, -0.25, 0.25, 2.5)],
});
