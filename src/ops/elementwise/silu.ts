import { nodeWith, unaryComposite, unarySamples } from './unary.js';

export const silu = unaryComposite({
  name: 'silu',
  summary: '`x * sigmoid(x)`, also called swish.',
  source: 'ONNX Swish, torch.nn.functional.silu; Ramachandran et al. 2017',
  cost: 2,
  lower: (g, x) => g.mul(x, g.sigmoid(x)),
  fused: (g, x) => (g.opset >= 24 ? nodeWith(g, 'Swish', x, { alpha: 1 }) : undefined),
  samples: unarySamples(-5, 5),
});
