import { only } from '../only.js';
import { exactly } from '../sample.js';
import { isFloat } from '../types.js';
import { binary, binarySamples, intSample } from './binary.js';

export const mod = binary({
  name: 'mod',
  action: 'take the remainder of',
  summary: 'The remainder of `a // b`, with the sign of `b` as in Python; also written `a % b`.',
  example: 'a % b',
  source: 'ONNX Mod, torch.remainder',
  of: (a, b) => {
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
  },
  onnx: (g, a, b, y) => {
    // For integers Mod has the sign of b; floats only have the remainder of C, with the sign of a.
    if (!isFloat(y.dtype)) return only(g.node('Mod', [a, b], {}, [y]));
    const rest = only(g.node('Mod', [a, b], { fmod: { int: 1 } }, [y]));
    const signs = only(g.node('Mul', [only(g.node('Sign', [rest], {}, [y])), b], {}, [y]));
    const differ = only(g.node('Less', [signs, g.scalar(0, y.dtype)], {}, [{ ...y, dtype: 'bool' }]));
    return only(g.node('Where', [differ, only(g.node('Add', [rest, b], {}, [y])), rest], {}, [y]));
  },
  // da = dy, db = -dy * (a // b)
  grad: (g, { a, b, dy }) => ({ a: dy, b: g.neg(g.mul(dy, g.op('floor_div', [a, b]))) }),
  samples: [
    ...binarySamples(-5, 5, 0.5, 3),
    ...binarySamples(-5, 5, -3, -0.5).slice(0, 2),
    intSample(-9, 10, 1, 5),
    intSample(-9, 10, -5, 0),
    { inputs: { a: exactly('i32', [6], [-7, 7, -7, 7, -6, 6]), b: exactly('i32', [6], [2, 2, -2, -2, 3, -3]) } },
  ],
});
