import { binary } from '../elementwise/binary.js';
import { andNode } from './and-node.js';
import { boolSamples } from './bool-samples.js';

export const logicalAnd = binary({
  name: 'logical_and',
  family: 'logic',
  action: 'combine',
  summary: 'Whether both are true; also written `a & b`.',
  example: 'a & b',
  source: 'ONNX And, torch.logical_and',
  takes: 'bool',
  of: (a, b) => a * b,
  onnx: andNode,
  grad: 'none',
  samples: boolSamples,
});
