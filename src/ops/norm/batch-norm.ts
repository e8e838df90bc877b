import { float } from '../attrs.js';
import { composite, optional } from '../define.js';
import { nth, only } from '../only.js';
import { demandEps } from '../option-bounds.js';
import { floats32 } from '../sample.js';
import { isKnown, product } from '../sizes.js';
import { constantFill, demandPerChannel, perChannel, scaleAndShift } from './standardize.js';

export const batchNorm = composite({
  name: 'batch_norm',
  family: 'norm',
  doc: {
    summary: 'Normalizes each channel with a given mean and variance: batch normalization at inference.',
    example: 'x -> batch_norm(mean, var, weight, bias)',
    source: 'torch.nn.functional.batch_norm(training=False), ONNX BatchNormalization',
  },
  inputs: {
    x: '`[N, C, ..]`',
    mean: 'running mean: `[C]`',
    var: 'running variance: `[C]`',
    weight: optional('scale: `[C]`'),
    bias: optional('shift: `[C]`'),
  },
  attrs: {
    momentum: float('how fast the running mean and variance follow those of a batch while training', 0.1),
    eps: float('is added to the variance', 1e-5),
  },
  outputs: ['y'],
  infer: (rule, { x, mean, var: variance, weight, bias }, { eps }) => {
    demandEps(rule, eps);
    rule.dtype('x', x, 'float');
    rule.rank('x', x, { min: 2 }, '[N, C, ..]');
    const channels = nth(x.shape, 1);
    for (const [name, vector] of Object.entries({ mean, var: variance, weight, bias })) demandPerChannel(rule, name, vector, x, channels);
    return [x];
  },
  flops: ({ x, weight, bias }) => product(x.shape).mul(2 + (weight === undefined ? 0 : 1) + (bias === undefined ? 0 : 1)),
  lower: (g, { x, mean, var: variance, weight, bias }, { eps }) => {
    const rank = g.rank(x);
    const deviation = g.sqrt(g.shift(variance, eps));
    const factor = weight === undefined ? g.div(g.scalar(1, deviation), deviation) : g.div(weight, deviation);
    const centred = scaleAndShift(g, x, undefined, perChannel(g, g.neg(mean), rank));
    return [scaleAndShift(g, centred, perChannel(g, factor, rank), perChannel(g, bias, rank))];
  },
  forms: [
    {
      name: 'ONNX BatchNormalization',
      fits: (_on, { mean, weight, bias }) => (weight !== undefined && bias !== undefined) || isKnown(mean.shape),
      onnx: (g, { x, mean, var: variance, weight, bias }, { eps }, y) => {
        const { dtype, shape } = g.type(mean);
        const scale = weight ?? constantFill(g, dtype, shape, 1);
        const shift = bias ?? constantFill(g, dtype, shape, 0);
        return g.node('BatchNormalization', [x, scale, shift, mean, variance], { epsilon: { float: eps } }, [only(y)]);
      },
    },
  ],
  grad: 'by-lowering',
  samples: [
    {
      inputs: { x: floats32([2, 3, 4, 2]), mean: floats32([3]), var: floats32([3], 0.5, 2), weight: floats32([3]), bias: floats32([3]) },
    },
    { inputs: { x: floats32([2, 3, 4]), mean: floats32([3]), var: floats32([3], 0.5, 2) }, attrs: { eps: 1e-3 } },
    { inputs: { x: floats32([4, 3]), mean: floats32([3]), var: floats32([3], 0.5, 2), weight: floats32([3]) } },
    { inputs: { x: floats32([1, 2, 2, 3, 2]), mean: floats32([2]), var: floats32([2], 0.5, 2), bias: floats32([2]) } },
  ],
});
