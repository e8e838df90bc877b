import { node, unary, unarySample, unarySamples } from './unary.js';

export const expm1 = unary({
  name: 'expm1',
  summary: '`e^x - 1`, exact also near 0.',
  source: 'torch.expm1',
  of: Math.expm1,
  // tanh(x/2) * (e^x + 1) is the same function and cancels nowhere.
  onnx: (g, x) => {
    const { dtype } = g.type(x);
    const tanh = node(g, 'Tanh', node(g, 'Mul', x, g.scalar(0.5, dtype)));
    return node(g, 'Mul', tanh, node(g, 'Add', node(g, 'Exp', x), g.scalar(1, dtype)));
  },
  cost: 4,
  // dx = dy * (y + 1)
  grad: (g, { y, dy }) => g.mul(dy, g.shift(y, 1)),
  samples: [...unarySamples(-2, 2), unarySample(-1e-6, 1e-6, 3e-5)],
});
