import { choice } from '../attrs.js';
import { only } from '../only.js';
import { unaryComposite, unarySamples } from './unary.js';

export const gelu = unaryComposite({
  name: 'gelu',
  summary: 'Each element times the probability that a standard normal variable is below it.',
  example: 'x -> gelu(approximate = "tanh")',
  source: 'ONNX Gelu, torch.nn.functional.gelu; Hendrycks and Gimpel 2016',
  attrs: { approximate: choice('`"none"`: by the error function; `"tanh"`: the formula of GPT-2', ['none', 'tanh'], 'none') },
  cost: 5,
  lower: (g, x, { approximate }) => {
    const half = g.scale(x, 0.5);
    if (approximate === 'none') return g.mul(half, g.shift(g.erf(g.scale(x, Math.SQRT1_2)), 1));
    // x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3)))
    const inner = g.mul(x, g.shift(g.scale(g.mul(x, x), 0.044715), 1));
    return g.mul(half, g.shift(g.tanh(g.scale(inner, Math.sqrt(2 / Math.PI))), 1));
  },
  forms: [
    {
      name: 'ONNX Gelu',
      onnx: (g, x, { approximate }) => only(g.node('Gelu', [x], { approximate: { string: approximate } }, [g.type(x)])),
    },
  ],
  samples: [...unarySamples(-4, 4), ...unarySamples(-4, 4).map((sample) => ({ ...sample, attrs: { approximate: 'tanh' as const } }))],
});
