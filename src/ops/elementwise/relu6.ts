import { unaryComposite, unarySamples } from './unary.js';

export const relu6 = unaryComposite({
  name: 'relu6',
  summary: 'A relu that stops at 6.',
  source: 'torch.nn.functional.relu6',
  lower: (g, x) => g.op('clip', [x], { min: 0, max: 6 }),
  samples: unarySamples(-4, 10),
});
