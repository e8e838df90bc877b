import { binary, binarySamples, intSample } from '../elementwise/binary.js';

export const greater = binary({
  name: 'greater',
  family: 'logic',
  action: 'compare',
  summary: 'Whether `a` is above `b`, element by element; also written `a > b`.',
  example: 'a > b',
  source: 'ONNX Greater, torch.gt',
  gives: 'bool',
  of: (a, b) => (a > b ? 1 : 0),
  onnx: 'Greater',
  grad: 'none',
  samples: [...binarySamples(-2, 2), intSample(-2, 2)],
});
