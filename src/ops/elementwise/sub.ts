import { binary, binarySamples, intSample } from './binary.js';

export const sub = binary({
  name: 'sub',
  action: 'subtract',
  summary: 'The difference of two tensors, element by element; also written `a - b`.',
  example: 'a - b',
  source: 'ONNX Sub, torch.sub',
  of: (a, b) => a - b,
  ofInt32: (a, b) => (a - b) | 0,
  onnx: 'Sub',
  // da = dy, db = -dy
  grad: (g, { dy }) => ({ a: dy, b: g.neg(dy) }),
  samples: [...binarySamples(-2, 2), intSample(-9, 10)],
});
