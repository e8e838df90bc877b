import { isPortable } from '../capabilities/capability.js';
import { binary } from '../elementwise/binary.js';
import { only } from '../only.js';
import { andNode } from './and-node.js';
import { boolSamples } from './bool-samples.js';

export const logicalOr = binary({
  name: 'logical_or',
  family: 'logic',
  action: 'combine',
  summary: 'Whether at least one of the two is true; also written `a | b`.',
  example: 'a | b',
  source: 'ONNX Or, torch.logical_or',
  takes: 'bool',
  of: Math.max,
  onnx: (g, a, b, y) => {
    if (isPortable(g.target, 'Or')) return only(g.node('Or', [a, b], {}, [y]));
    // not (not a and not b)
    const not = (claim: typeof a) => only(g.node('Not', [claim], {}, [g.type(claim)]));
    return not(andNode(g, not(a), not(b), y));
  },
  grad: 'none',
  samples: boolSamples,
});
