import { isPortable } from '../capabilities/capability.js';
import { node, unaryComposite, unarySamples } from './unary.js';

// The constants for which activations keep mean 0 and variance 1; the defaults of ONNX Selu.
const alpha = 1.6732632423543772;
const gamma = 1.0507009873554805;

export const selu = unaryComposite({
  name: 'selu',
  summary: 'The scaled elu that keeps activations normalized.',
  source: 'ONNX Selu, torch.nn.functional.selu; Klambauer et al. 2017',
  cost: 3,
  lower: (g, x) => g.scale(g.op('elu', [x], { alpha }), gamma),
  forms: [{ name: 'ONNX Selu', fits: ({ target }) => isPortable(target, 'Selu'), onnx: (g, x) => node(g, 'Selu', x) }],
  samples: unarySamples(-2, 2),
});
