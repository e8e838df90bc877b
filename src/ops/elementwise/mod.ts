import { remainderOf } from '../nd/floor-divide.js';
import { exactly } from '../sample.js';
import { isFloat } from '../types.js';
import { binary, binarySamples, intSample } from './binary.js';
import { demandDivisor, floatRemainder, intRemainder } from './division.js';

export const mod = binary({
  name: 'mod',
  action: 'take the remainder of',
  summary: 'The remainder of `a // b`, with the sign of `b` as in Python; also written `a % b`.',
  example: 'a % b',
  source: 'ONNX Mod, torch.remainder',
  check: (rule, a, b) => demandDivisor(rule, '%', a, b),
  of: remainderOf,
  onnx: (g, a, b, y) => (isFloat(y.dtype) ? floatRemainder(g, a, b, y) : intRemainder(g, a, b, y)),
  // da = dy, db = -dy * (a // b)
  grad: (g, { a, b, dy }) => ({ a: dy, b: g.neg(g.mul(dy, g.op('floor_div', [a, b]))) }),
  samples: [
    ...binarySamples(-5, 5, 0.5, 3),
    ...binarySamples(-5, 5, -3, -0.5).slice(0, 2),
    intSample(-9, 10, 1, 5),
    intSample(-9, 10, -5, 0),
    { inputs: { a: exactly('i32', [6], [-7, 7, -7, 7, -6, 6]), b: exactly('i32', [6], [2, 2, -2, -2, 3, -3]) } },
    { inputs: { a: exactly('i8', [5], [-128, -127, 127, -128, 127]), b: exactly('i8', [5], [3, 3, -2, -1, 127]) } },
    { inputs: { a: exactly('u16', [3], [65535, 1, 0]), b: exactly('u16', [3], [7, 65535, 7]) } },
  ],
});
