import { binary, binarySamples, intSample } from '../elementwise/binary.js';

export const less = binary({
  name: 'less',
  family: 'logic',
  action: 'compare',
  summary: 'Whether `a` is below `b`, element by element; also written `a < b`.',
  example: 'a < b',
  source: 'ONNX Less, torch.lt',
  gives: 'bool',
  of: (a, b) => (a < b ? 1 : 0),
  onnx: 'Less',
  grad: 'none',
  samples: [...binarySamples(-2, 2), intSample(-2, 2)],
});
