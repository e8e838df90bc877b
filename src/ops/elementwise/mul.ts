import { binary, binarySamples, intSample } from './binary.js';

export const mul = binary({
  name: 'mul',
  action: 'multiply',
  summary: 'The product of two tensors, element by element; also written `a * b`.',
  example: 'a * b',
  source: 'ONNX Mul, torch.mul',
  of: (a, b) => a * b,
  ofInt32: Math.imul,
  onnx: 'Mul',
  // da = dy * b, db = dy * a
  grad: (g, { a, b, dy }) => ({ a: g.mul(dy, b), b: g.mul(dy, a) }),
  samples: [...binarySamples(-2, 2), intSample(-9, 10)],
});
