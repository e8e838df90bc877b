import { Dim } from '../../dims/dim.js';
import { composite } from '../define.js';
import { nth } from '../only.js';
import { floats32 } from '../sample.js';
import { elements } from '../sizes.js';
import type { Shape } from '../types.js';

export const prelu = composite({
  name: 'prelu',
  family: 'elementwise',
  doc: {
    summary: 'Negative elements are multiplied by a slope, one for all or one per channel (axis 1).',
    example: 'prelu(x, slope)',
    source: 'ONNX PRelu, torch.nn.functional.prelu; He et al. 2015',
  },
  inputs: { x: 'any float tensor; with a slope for each channel [N, C, ...]', slope: '[C], [1] or a scalar' },
  attrs: {},
  outputs: ['y'],
  infer: (rule, { x, slope }) => {
    rule.dtype('x', x, 'float');
    rule.sameDtype('x', x, 'slope', slope);
    rule.rank('slope', slope, { min: 0, max: 1 }, '[C]');
    if (isPerChannel(slope.shape)) {
      rule.rank('x', x, { min: 2 }, '[N, C, ...]');
      const [slopes, channels] = [nth(slope.shape, 0), nth(x.shape, 1)];
      rule.equal(slopes, channels, () => ({
        message: `\`prelu\` has ${slopes} slopes for ${channels} channels`,
        input: 'slope',
        wanted: [String(channels)],
        got: [String(slopes)],
      }));
    }
    return [x];
  },
  flops: ({ x }) => elements(x),
  lower: (g, { x, slope }) => {
    const spread = isPerChannel(g.shape(slope)) && g.rank(x) > 2;
    const factor = spread ? g.reshape(slope, besideChannels(g.shape(x))) : slope;
    return [g.where(g.greater(x, g.scalar(0, x)), x, g.mul(x, factor))];
  },
  forms: [
    {
      name: 'ONNX PRelu',
      // With further axes, a slope for each channel would have to be broadcast over them.
      fits: (_on, { x }) => x.shape.length === 2,
      onnx: (g, { x, slope }) => g.node('PRelu', [x, slope], {}, [g.type(x)]),
    },
  ],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3, 4, 5]), slope: floats32([3]) } },
    { inputs: { x: floats32([2, 3]), slope: floats32([3]) } },
    { inputs: { x: floats32([4, 2, 3]), slope: floats32([1]) } },
    { inputs: { x: floats32([5]), slope: floats32([]) } },
    { inputs: { x: floats32([]), slope: floats32([]) } },
  ],
});

function isPerChannel(slope: Shape): boolean {
  return slope.length === 1 && slope[0]?.constant !== 1;
}

/** The shape of slopes [C] that broadcasts against `x` of shape [N, C, ...]. */
function besideChannels(x: Shape): Shape {
  return x.slice(1).map((size, i) => (i === 0 ? size : Dim.of(1)));
}
