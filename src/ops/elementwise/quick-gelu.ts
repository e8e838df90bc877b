import { gated } from './gated.js';
import { unaryComposite, unarySamples } from './unary.js';

export const quickGelu = unaryComposite({
  name: 'quick_gelu',
  summary: '`x * sigmoid(1.702 * x)`, the approximation of gelu in CLIP.',
  source: 'Hendrycks and Gimpel 2016, section 2',
  cost: 3,
  lower: (g, x) => gated(g, x, g.scale(x, 1.702)),
  samples: unarySamples(-4, 4),
});
