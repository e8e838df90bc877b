import { binary, binarySamples, intSample } from '../elementwise/binary.js';
import { only } from '../only.js';
import { bools } from '../sample.js';

export const notEqual = binary({
  name: 'not_equal',
  family: 'logic',
  action: 'compare',
  summary: 'Whether two elements differ; also written `a != b`.',
  example: 'a != b',
  source: 'torch.ne',
  takes: 'any',
  gives: 'bool',
  of: (a, b) => (a === b ? 0 : 1),
  onnx: (g, a, b, y) => only(g.node('Not', [only(g.node('Equal', [a, b], {}, [y]))], {}, [y])),
  grad: 'none',
  samples: [...binarySamples(-2, 2), intSample(-2, 2), { inputs: { a: bools([6]), b: bools([6]) } }],
});
