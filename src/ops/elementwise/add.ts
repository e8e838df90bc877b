import { binary, binarySamples, intSample } from './binary.js';

export const add = binary({
  name: 'add',
  action: 'add',
  summary: 'The sum of two tensors, element by element; also written `a + b`.',
  example: 'a + b',
  source: 'ONNX Add, torch.add',
  of: (a, b) => a + b,
  ofInt32: (a, b) => (a + b) | 0,
  onnx: 'Add',
  // da = dy, db = dy
  grad: (_g, { dy }) => ({ a: dy, b: dy }),
  samples: [...binarySamples(-2, 2), intSample(-9, 10)],
});
