import { binary, binarySamples, intSample } from '../elementwise/binary.js';
import { bools } from '../sample.js';

export const equal = binary({
  name: 'equal',
  family: 'logic',
  action: 'compare',
  summary: 'Whether two elements are equal; also written `a == b`.',
  example: 'a == b',
  source: 'ONNX Equal, torch.eq',
  takes: 'any',
  gives: 'bool',
  of: (a, b) => (a === b ? 1 : 0),
  onnx: 'Equal',
  grad: 'none',
  samples: [...binarySamples(-2, 2), intSample(-2, 2), { inputs: { a: bools([6]), b: bools([6]) } }],
});
