import { gated } from './gated.js';
import { unaryComposite, unarySamples } from './unary.js';

export const silu = unaryComposite({
  name: 'silu',
  summary: '`x * sigmoid(x)`, also called swish.',
  source: 'ONNX Swish, torch.nn.functional.silu; Ramachandran et al. 2017',
  cost: 2,
  // Swish (opset 24) has no kernel in ONNX Runtime 1.30, which fuses the two nodes itself where that helps.
  lower: (g, x) => gated(g, x, x),
  samples: unarySamples(-5, 5),
});
