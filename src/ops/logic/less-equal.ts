import { binary, binarySamples, intSample } from '../elementwise/binary.js';

export const lessEqual = binary({
  name: 'less_equal',
  family: 'logic',
  action: 'compare',
  summary: 'Whether `a` is at most `b`, element by element; also written `a <= b`.',
  example: 'a <= b',
  source: 'ONNX LessOrEqual, torch.le',
  gives: 'bool',
  of: (a, b) => (a <= b ? 1 : 0),
  onnx: 'LessOrEqual',
  grad: 'none',
  samples: [...binarySamples(-2, 2), intSample(-2, 2)],
});
