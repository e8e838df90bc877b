import { composite } from '../define.js';
import { only } from '../only.js';
import { floats32 } from '../sample.js';
import { elements } from '../sizes.js';

export const biasGelu = composite({
  name: 'bias_gelu',
  family: 'elementwise',
  doc: {
    summary: 'Gelu of the sum of a tensor and a bias along its last axis.',
    example: 'bias_gelu(x, bias)',
    source: 'com.microsoft.BiasGelu',
  },
  inputs: { x: 'any float tensor: `[.., C]`', bias: '`[C]`' },
  attrs: {},
  outputs: ['y'],
  infer: (rule, { x, bias }) => {
    rule.dtype('x', x, 'float');
    rule.sameDtype('x', x, 'bias', bias);
    rule.rank('x', x, { min: 1 }, '[.., C]');
    rule.rank('bias', bias, 1, '[C]');
    const [got = x.shape.at(-1), wanted = got] = [bias.shape[0], x.shape.at(-1)];
    if (got !== undefined && wanted !== undefined)
      rule.equal(got, wanted, () => ({ message: `\`bias\` has ${got} numbers for a last axis of ${wanted}`, input: 'bias' }));
    return [x];
  },
  flops: ({ x }) => elements(x).mul(6),
  lower: (g, { x, bias }) => [g.op('gelu', [g.add(x, bias)])],
  forms: [
    {
      // On the CPU, it is no faster than the two operators.
      name: 'com.microsoft.BiasGelu',
      targets: ['webgpu'],
      fits: (_on, { x }) => x.dtype === 'f32' || x.dtype === 'f16',
      onnx: (g, { x, bias }, _attrs, y) => [only(g.node('BiasGelu', [x, bias], {}, y, 'com.microsoft'))],
    },
  ],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3, 8], -4, 4), bias: floats32([8], -1, 1) } },
    { inputs: { x: floats32([2, 3, 5], -4, 4), bias: floats32([5], -1, 1) } },
    { inputs: { x: floats32([7], -4, 4), bias: floats32([7], -1, 1) } },
  ],
});
