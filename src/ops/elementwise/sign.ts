import { isPortable } from '../capabilities/capability.js';
import { only } from '../only.js';
import { castNode } from '../onnx-cast.js';
import { ints64 } from '../sample.js';
import { node, unary, unarySamples } from './unary.js';

export const sign = unary({
  name: 'sign',
  summary: 'The sign of each element: -1, 0 or 1.',
  source: 'ONNX Sign, torch.sign',
  takes: 'number',
  of: Math.sign,
  onnx: (g, x) => {
    if (isPortable(g.target, 'Sign')) return node(g, 'Sign', x);
    // (x > 0) - (x < 0)
    const type = g.type(x);
    const zero = g.scalar(0, type.dtype);
    const [above, below] = ['Greater', 'Less'].map((is) => {
      const claim = only(g.node(is, [x, zero], {}, [{ ...type, dtype: 'bool' }]));
      return castNode(g, claim, type.dtype);
    });
    return only(g.node('Sub', [above, below], {}, [type]));
  },
  grad: 'none',
  samples: [...unarySamples(-2, 2), { inputs: { x: ints64([5], -2, 3) } }],
});
