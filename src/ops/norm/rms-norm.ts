import { axis, float, optionalAttr } from '../attrs.js';
import { composite, optional } from '../define.js';
import { machineEpsilon } from '../float-limits.js';
import { only } from '../only.js';
import { floats32 } from '../sample.js';
import { fromStart, product } from '../sizes.js';
import { constantFill, demandNormalShape, scaleAndShift } from './standardize.js';

export const rmsNorm = composite({
  name: 'rms_norm',
  family: 'norm',
  doc: {
    summary: 'Divides by the root of the mean square over the last axes, then scales.',
    example: 'x -> rms_norm(weight, eps = 1e-5)',
    source: 'Zhang and Sennrich 2019, torch.nn.functional.rms_norm, ONNX RMSNormalization',
  },
  inputs: { x: 'any float tensor', weight: optional('scale, with the shape of the normalised axes') },
  attrs: {
    axis: axis('the first of the normalised axes', -1),
    eps: optionalAttr(float('is added to the mean square; if left out the machine epsilon of the element type')),
  },
  outputs: ['y'],
  infer: (rule, { x, weight }, attrs) => {
    rule.dtype('x', x, 'float');
    demandNormalShape(rule, 'weight', weight, x, rule.axis(attrs.axis, x.shape.length));
    return [x];
  },
  flops: ({ x, weight }) => product(x.shape).mul(weight === undefined ? 3 : 4),
  lower: (g, { x, weight }, { axis, eps = machineEpsilon(g.type(x).dtype) }) => {
    const first = fromStart(axis, g.rank(x));
    const axes = Array.from({ length: g.rank(x) - first }, (_, i) => first + i);
    const root = g.sqrt(g.shift(g.mean(g.mul(x, x), axes, true), eps));
    return [scaleAndShift(g, g.div(x, root), weight, undefined)];
  },
  // SimplifiedLayerNormalization is ONNX Runtime's own name for it, and has a kernel in every provider.
  fused: (g, { x, weight }, { axis, eps = machineEpsilon(g.type(x).dtype) }, y) => {
    const { dtype, shape } = g.type(x);
    const scale = weight ?? constantFill(g, dtype, shape.slice(fromStart(axis, shape.length)), 1);
    if (scale === undefined) return undefined;
    const isStandard = g.opset >= 23 && (g.target === 'cpu' || g.target === 'cuda');
    const name = isStandard ? 'RMSNormalization' : 'SimplifiedLayerNormalization';
    return g.node(name, [x, scale], { axis: { int: axis }, epsilon: { float: eps } }, [only(y)]);
  },
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3, 8]), weight: floats32([8]) }, attrs: { eps: 1e-5 } },
    { inputs: { x: floats32([2, 3, 8]) } },
    { inputs: { x: floats32([2, 3, 4]), weight: floats32([3, 4]) }, attrs: { axis: 1, eps: 1e-3 } },
  ],
});
