import { axis, float } from '../attrs.js';
import { composite, optional } from '../define.js';
import { only } from '../only.js';
import { demandEps, demandNotEmpty } from '../option-bounds.js';
import { floats32 } from '../sample.js';
import { fromStart, isKnown } from '../sizes.js';
import { constantFill, demandNormalShape, normFlops, scaleAndShift, standardize } from './standardize.js';

export const layerNorm = composite({
  name: 'layer_norm',
  family: 'norm',
  doc: {
    summary: 'Normalizes over the last axes to mean 0 and variance 1, then scales and shifts.',
    example: 'x -> layer_norm(weight, bias)',
    source: 'Ba et al. 2016, torch.nn.functional.layer_norm, ONNX LayerNormalization',
  },
  inputs: {
    x: 'any float tensor',
    weight: optional('scale, with the shape of the normalized axes'),
    bias: optional('shift, with the shape of the normalized axes'),
  },
  attrs: { axis: axis('the first of the normalized axes', -1), eps: float('is added to the variance', 1e-5) },
  outputs: ['y'],
  infer: (rule, { x, weight, bias }, attrs) => {
    demandEps(rule, attrs.eps);
    rule.dtype('x', x, 'float');
    const axis = rule.axis(attrs.axis, x.shape.length);
    demandNormalShape(rule, 'weight', weight, x, axis);
    demandNormalShape(rule, 'bias', bias, x, axis);
    demandNotEmpty(rule, '`layer_norm`', 'x', x, [...x.shape.keys()].slice(axis));
    return [x];
  },
  flops: ({ x, weight, bias }) => normFlops(x, [weight, bias]),
  lower: (g, { x, weight, bias }, { axis, eps }) => {
    const first = fromStart(axis, g.rank(x));
    const axes = Array.from({ length: g.rank(x) - first }, (_, i) => first + i);
    return [scaleAndShift(g, standardize(g, x, axes, eps), weight, bias)];
  },
  forms: [
    {
      name: 'ONNX LayerNormalization',
      fits: (_on, { x, weight }, { axis }) => weight !== undefined || isKnown(x.shape.slice(fromStart(axis, x.shape.length))),
      onnx: (g, { x, weight, bias }, { axis, eps }, y) => {
        const { dtype, shape } = g.type(x);
        const scale = weight ?? constantFill(g, dtype, shape.slice(fromStart(axis, shape.length)), 1);
        return g.node('LayerNormalization', [x, scale, bias], { axis: { int: axis }, epsilon: { float: eps } }, [only(y)]);
      },
    },
  ],
  // With h = (x - mean) * r and g = dy * weight: dx = r * (g - mean(g) - h * mean(g * h)). Mean and variance are computed again.
  grad: (g, { x: { x, weight, bias }, dy, attrs }) => {
    const first = fromStart(attrs.axis, g.rank(x));
    const axes = Array.from({ length: g.rank(x) - first }, (_, i) => first + i);
    const others = Array.from({ length: first }, (_, i) => i);
    const ofY = only(dy);
    const centred = g.sub(x, g.mean(x, axes, true));
    const variance = g.mean(g.mul(centred, centred), axes, true);
    const scale = g.div(g.scalar(1, x), g.sqrt(g.shift(variance, attrs.eps)));
    const normal = g.mul(centred, scale);
    const inner = weight === undefined ? ofY : g.mul(ofY, weight);
    const along = g.mul(normal, g.mean(g.mul(inner, normal), axes, true));
    const overOthers = (value: typeof x) => (others.length === 0 ? value : g.sum(value, others));
    return {
      x: g.mul(scale, g.sub(g.sub(inner, g.mean(inner, axes, true)), along)),
      ...(weight === undefined ? {} : { weight: overOthers(g.mul(ofY, normal)) }),
      ...(bias === undefined ? {} : { bias: overOthers(ofY) }),
    };
  },
  samples: [
    { inputs: { x: floats32([2, 3, 8]), weight: floats32([8]), bias: floats32([8]) } },
    { inputs: { x: floats32([2, 3, 8]) }, attrs: { eps: 1e-3 } },
    { inputs: { x: floats32([2, 3, 4]), weight: floats32([3, 4]), bias: floats32([3, 4]) }, attrs: { axis: 1 } },
    { inputs: { x: floats32([4, 6]), bias: floats32([6]) } },
  ],
});
