import { floorQuotientOf } from '../nd/floor-divide.js';
import { exactly } from '../sample.js';
import { isFloat } from '../types.js';
import { binary, binarySamples, intSample } from './binary.js';
import { demandDivisor, floatFloorQuotient, intFloorQuotient } from './division.js';

export const floorDiv = binary({
  name: 'floor_div',
  action: 'divide',
  summary: 'The quotient rounded down, as in Python; also written `a // b`.',
  example: 'a // b',
  source: 'torch.floor_divide',
  check: (rule, a, b) => demandDivisor(rule, '//', a, b),
  of: floorQuotientOf,
  onnx: (g, a, b, y) => (isFloat(y.dtype) ? floatFloorQuotient(g, a, b, y) : intFloorQuotient(g, a, b, y)),
  grad: 'none',
  samples: [
    ...binarySamples(-5, 5, 0.5, 3),
    intSample(-9, 10, 1, 5),
    intSample(-9, 10, -5, 0),
    { inputs: { a: exactly('i32', [6], [-7, 7, -7, 7, -6, 6]), b: exactly('i32', [6], [2, 2, -2, -2, 3, -3]) } },
    { inputs: { a: exactly('i8', [5], [-128, -127, 127, -128, 127]), b: exactly('i8', [5], [3, 3, -2, -128, 127]) } },
    { inputs: { a: exactly('u8', [4], [255, 254, 1, 0]), b: exactly('u8', [4], [2, 255, 255, 7]) } },
  ],
});
