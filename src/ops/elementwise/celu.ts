import { float, positional } from '../attrs.js';
import { isPortable } from '../capabilities/capability.js';
import { nodeWith, unaryComposite, unarySamples } from './unary.js';

export const celu = unaryComposite({
  name: 'celu',
  summary: 'Negative elements become `alpha * (e^(x / alpha) - 1)`, so that the slope has no jump.',
  source: 'ONNX Celu, torch.nn.functional.celu; Barron 2017',
  attrs: { alpha: positional(float('very negative elements go to -alpha; more than 0', 1)) },
  check: (rule, _x, { alpha }) => {
    if (alpha <= 0) rule.fail('bad-option', { message: `alpha must be more than 0, but is ${alpha}`, attr: 'alpha' });
  },
  cost: 4,
  // alpha * elu(x / alpha)
  lower: (g, x, { alpha }) => (alpha === 1 ? g.op('elu', [x]) : g.scale(g.op('elu', [g.scale(x, 1 / alpha)]), alpha)),
  // ONNX Runtime only has a kernel for float32.
  forms: [
    {
      name: 'ONNX Celu',
      fits: ({ target }, { dtype }) => isPortable(target, 'Celu') && dtype === 'f32',
      onnx: (g, x, { alpha }) => nodeWith(g, 'Celu', x, { alpha }),
    },
  ],
  samples: [...unarySamples(-2, 2), ...unarySamples(-2, 2).map((sample) => ({ ...sample, attrs: { alpha: 0.5 } }))],
});
