import { only } from '../only.js';
import { exactly } from '../sample.js';
import { isFloat } from '../types.js';
import { binary, binarySamples, intSample } from './binary.js';

export const floorDiv = binary({
  name: 'floor_div',
  action: 'divide',
  summary: 'The quotient rounded down, as in Python; also written `a // b`.',
  example: 'a // b',
  source: 'torch.floor_divide',
  of: (a, b) => Math.floor(a / b),
  onnx: (g, a, b, y) => {
    const make = (opType: string, left: typeof a, right: typeof b) => only(g.node(opType, [left, right], {}, [y]));
    if (isFloat(y.dtype)) return only(g.node('Floor', [make('Div', a, b)], {}, [y]));
    // Div of integers rounds towards zero; a minus its remainder (which has the sign of b) divides exactly.
    return y.dtype.startsWith('u') ? make('Div', a, b) : make('Div', make('Sub', a, make('Mod', a, b)), b);
  },
  grad: 'none',
  samples: [
    ...binarySamples(-5, 5, 0.5, 3),
    intSample(-9, 10, 1, 5),
    intSample(-9, 10, -5, 0),
    { inputs: { a: exactly('i32', [6], [-7, 7, -7, 7, -6, 6]), b: exactly('i32', [6], [2, 2, -2, -2, 3, -3]) } },
  ],
});
