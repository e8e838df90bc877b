import { binary, binarySamples, intSample } from '../elementwise/binary.js';

export const greaterEqual = binary({
  name: 'greater_equal',
  family: 'logic',
  action: 'compare',
  summary: 'Whether `a` is at least `b`, element by element; also written `a >= b`.',
  example: 'a >= b',
  source: 'ONNX GreaterOrEqual, torch.ge',
  gives: 'bool',
  of: (a, b) => (a >= b ? 1 : 0),
  onnx: 'GreaterOrEqual',
  grad: 'none',
  samples: [...binarySamples(-2, 2), intSample(-2, 2)],
});
