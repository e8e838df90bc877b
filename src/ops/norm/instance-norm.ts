import { float } from '../attrs.js';
import { composite, named, optional } from '../define.js';
import { nth } from '../only.js';
import { demandEps, demandNotEmpty } from '../option-bounds.js';
import { floats32 } from '../sample.js';
import { isKnown } from '../sizes.js';
import { instanceFits, instanceNode } from './instance-node.js';
import { constantFill, demandPerChannel, normFlops, perChannel, scaleAndShift, standardize } from './standardize.js';

export const instanceNorm = composite({
  name: 'instance_norm',
  family: 'norm',
  doc: {
    summary: 'Normalizes each channel of each image over its positions, then scales and shifts.',
    example: 'x -> instance_norm(weight = weight, bias = bias)',
    source: 'Ulyanov et al. 2016, torch.nn.functional.instance_norm, ONNX InstanceNormalization',
  },
  inputs: { x: '`[N, C, ..]`', weight: named(optional('scale: `[C]`')), bias: named(optional('shift: `[C]`')) },
  attrs: { eps: float('is added to the variance', 1e-5) },
  outputs: ['y'],
  infer: (rule, { x, weight, bias }, { eps }) => {
    demandEps(rule, eps);
    rule.dtype('x', x, 'float');
    rule.rank('x', x, { min: 3 }, '[N, C, ..]');
    demandPerChannel(rule, 'weight', weight, x, nth(x.shape, 1));
    demandPerChannel(rule, 'bias', bias, x, nth(x.shape, 1));
    // ONNX Runtime ends the process for channels without positions.
    demandNotEmpty(rule, '`instance_norm`', 'x', x, [...x.shape.keys()].slice(1));
    return [x];
  },
  flops: ({ x, weight, bias }) => normFlops(x, [weight, bias]),
  lower: (g, { x, weight, bias }, { eps }) => {
    const rank = g.rank(x);
    const positions = Array.from({ length: rank - 2 }, (_, i) => i + 2);
    return [scaleAndShift(g, standardize(g, x, positions, eps), perChannel(g, weight, rank), perChannel(g, bias, rank))];
  },
  forms: [
    {
      name: 'ONNX InstanceNormalization',
      fits: (on, { x, weight, bias }, { eps }) =>
        instanceFits(on, eps) && ((weight !== undefined && bias !== undefined) || isKnown([nth(x.shape, 1)])),
      onnx: (g, { x, weight, bias }, { eps }) => {
        const { dtype, shape } = g.type(x);
        const scale = weight ?? constantFill(g, dtype, [nth(shape, 1)], 1);
        const shift = bias ?? constantFill(g, dtype, [nth(shape, 1)], 0);
        return [instanceNode(g, { x, scale, shift, eps })];
      },
    },
  ],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3, 4, 5]), weight: floats32([3]), bias: floats32([3]) } },
    { inputs: { x: floats32([2, 3, 6]) }, attrs: { eps: 1e-3 } },
    { inputs: { x: floats32([2, 3, 6]) }, attrs: { eps: 0.5 } },
    { inputs: { x: floats32([2, 3, 6]) }, attrs: { eps: 0 } },
    { inputs: { x: floats32([1, 2, 2, 3, 4]), weight: floats32([2]) } },
  ],
});
