import { isInt } from '../types.js';
import { binary, binarySamples } from './binary.js';

export const div = binary({
  name: 'div',
  action: 'divide',
  summary: 'The quotient of two float tensors, element by element; also written `a / b`.',
  example: 'a / b',
  source: 'ONNX Div, torch.div',
  takes: 'float',
  check: (rule, a) => {
    if (!isInt(a.dtype)) return;
    rule.fail('dtype-mismatch', {
      message: `\`/\` divides floats, but these are ${a.dtype}`,
      input: 'a',
      help: 'write `//` for whole quotients, or convert first with `cast(.., f32)`',
    });
  },
  of: (a, b) => a / b,
  onnx: 'Div',
  // da = dy / b, db = -da * y
  grad: (g, { b, y, dy }) => {
    const da = g.div(dy, b);
    return { a: da, b: g.neg(g.mul(da, y)) };
  },
  samples: [...binarySamples(-2, 2, 0.5, 3), ...binarySamples(-2, 2, -3, -0.5).slice(0, 1)],
});
