import { only } from '../only.js';
import { unaryComposite, unarySamples } from './unary.js';

export const relu6 = unaryComposite({
  name: 'relu6',
  summary: 'A relu that stops at 6.',
  source: 'torch.nn.functional.relu6',
  cost: 2,
  // By relu, whose slope at 0 is 0; that of clip is 1.
  lower: (g, x) => g.op('clip', [g.relu(x)], { max: 6 }),
  fused: {
    onnx: (g, x) => {
      const type = g.type(x);
      return only(g.node('Clip', [x, g.scalar(0, type.dtype), g.scalar(6, type.dtype)], {}, [type]));
    },
  },
  samples: unarySamples(-4, 10),
});
