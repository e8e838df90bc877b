import { binary } from '../elementwise/binary.js';
import { boolSamples } from './bool-samples.js';

export const logicalXor = binary({
  name: 'logical_xor',
  family: 'logic',
  action: 'combine',
  summary: 'Whether exactly one of the two is true.',
  example: 'logical_xor(a, b)',
  source: 'ONNX Xor, torch.logical_xor',
  takes: 'bool',
  of: (a, b) => (a === b ? 0 : 1),
  onnx: 'Xor',
  grad: 'none',
  samples: boolSamples,
});
