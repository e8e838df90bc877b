import { only } from '../only.js';
import { unaryComposite, unarySamples, upTo } from './unary.js';

export const relu6 = unaryComposite({
  name: 'relu6',
  summary: 'A relu that stops at 6.',
  source: 'torch.nn.functional.relu6',
  cost: 2,
  // The slope is 0 at 0 and at 6; that of clip is 1.
  lower: (g, x) => upTo(g, g.relu(x), 6),
  forms: [
    {
      name: 'ONNX Clip',
      onnx: (g, x) => {
        const type = g.type(x);
        return only(g.node('Clip', [x, g.scalar(0, type.dtype), g.scalar(6, type.dtype)], {}, [type]));
      },
    },
  ],
  samples: unarySamples(-4, 10),
});
