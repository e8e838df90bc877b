import { core } from '../define.js';
import { bools, floats32, ints64 } from '../sample.js';
import { noFlops } from '../sizes.js';

export const stopGradient = core({
  name: 'stop_gradient',
  family: 'elementwise',
  doc: {
    summary: 'The same values, but nothing before them is trained through them; at inference it does nothing.',
    example: 'x -> stop_gradient',
    source: 'torch.Tensor.detach, jax.lax.stop_gradient',
  },
  inputs: { x: 'any tensor' },
  attrs: {},
  outputs: ['y'],
  infer: (_rule, { x }) => [x],
  flops: noFlops,
  isIdentity: () => true,
  onnx: (g, { x }, _attrs, y) => g.node('Identity', [x], {}, y),
  evaluate: ({ x }) => [x],
  grad: 'none',
  samples: [{ inputs: { x: floats32([2, 3]) } }, { inputs: { x: ints64([4], -9, 9) } }, { inputs: { x: bools([]) } }],
});
