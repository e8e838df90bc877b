import { Dim } from '../../dims/dim.js';
import { float, positional, size } from '../attrs.js';
import { composite, optional } from '../define.js';
import { nth, only } from '../only.js';
import { demandEps, demandNotEmpty, demandOption } from '../option-bounds.js';
import { floats32 } from '../sample.js';
import { reshapeNode } from '../shape/reshape-target.js';
import { isKnown, product } from '../sizes.js';
import { instanceFits, instanceNode } from './instance-node.js';
import { columnShape, constantFill, demandPerChannel, normFlops, perChannel, scaleAndShift, standardize } from './standardize.js';

export const groupNorm = composite({
  name: 'group_norm',
  family: 'norm',
  doc: {
    summary: 'Normalizes groups of channels of each image over their positions, then scales and shifts each channel.',
    example: 'x -> group_norm(weight, bias, groups = 1)',
    source: 'Wu and He 2018, torch.nn.functional.group_norm, ONNX GroupNormalization',
  },
  inputs: { x: '`[N, C, ..]`', weight: optional('scale: `[C]`'), bias: optional('shift: `[C]`') },
  attrs: { groups: size('number of groups'), eps: positional(float('is added to the variance', 1e-5)) },
  outputs: ['y'],
  infer: (rule, { x, weight, bias }, { groups, eps }) => {
    demandEps(rule, eps);
    rule.dtype('x', x, 'float');
    rule.rank('x', x, { min: 2 }, '[N, C, ..]');
    const channels = nth(x.shape, 1);
    demandOption(rule, 'groups', groups, 1);
    rule.divides(groups, channels, () => ({ message: `${channels} channels do not split into ${groups} groups`, attr: 'groups' }));
    demandPerChannel(rule, 'weight', weight, x, channels);
    demandPerChannel(rule, 'bias', bias, x, channels);
    // ONNX Runtime ends the process for channels without positions.
    demandNotEmpty(rule, '`group_norm`', 'x', x, [...x.shape.keys()].slice(1));
    return [x];
  },
  flops: ({ x, weight, bias }) => normFlops(x, [weight, bias]),
  lower: (g, { x, weight, bias }, { groups, eps }) => {
    const rank = g.rank(x);
    const grouped = standardize(g, g.reshape(x, groupedShape(g.shape(x), groups)), [2], eps);
    return [scaleAndShift(g, g.reshape(grouped, g.shape(x)), perChannel(g, weight, rank), perChannel(g, bias, rank))];
  },
  // GroupNormalization has no WebGPU kernel; with one channel per group, it is an instance normalization. GroupNorm of `com.microsoft`, which only CUDA has, needs the channels last.
  forms: [
    {
      name: 'ONNX InstanceNormalization',
      fits: (on, _x, { groups, eps }) => isKnown([groups]) && instanceFits(on, eps),
      onnx: (g, { x, weight, bias }, { groups, eps }, y) => {
        const { dtype, shape } = g.type(x);
        const ones = constantFill(g, dtype, [groups], 1);
        const zeros = constantFill(g, dtype, [groups], 0);
        const grouped = reshapeNode(g, x, groupedShape(shape, groups));
        let result = reshapeNode(g, instanceNode(g, { x: grouped, scale: ones, shift: zeros, eps }), shape);
        for (const [opType, vector] of [
          ['Mul', weight],
          ['Add', bias],
        ] as const) {
          if (vector === undefined) continue;
          const column = shape.length === 2 ? vector : reshapeNode(g, vector, columnShape(g.type(vector).shape, shape.length));
          result = only(g.node(opType, [result, column], {}, [only(y)]));
        }
        return [result];
      },
    },
  ],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 6, 4, 3]), weight: floats32([6]), bias: floats32([6]) }, attrs: { groups: Dim.of(3) } },
    { inputs: { x: floats32([2, 4, 5]) }, attrs: { groups: Dim.of(1), eps: 1e-3 } },
    { inputs: { x: floats32([3, 4]), weight: floats32([4]) }, attrs: { groups: Dim.of(2) } },
    { inputs: { x: floats32([1, 2, 2, 2, 3]), bias: floats32([2]) }, attrs: { groups: Dim.of(2) } },
  ],
});

/** `[N, groups, everything in a group]`. */
function groupedShape(shape: readonly Dim[], groups: Dim): readonly Dim[] {
  const [batch, channels] = [nth(shape, 0), nth(shape, 1)];
  return [batch, groups, channels.floorDiv(groups).mul(product(shape.slice(2)))];
}
