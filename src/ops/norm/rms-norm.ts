import { Dim } from '../../dims/dim.js';
import { axis, float, optionalAttr } from '../attrs.js';
import { composite, optional } from '../define.js';
import { machineEpsilon } from '../float-limits.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { castNode } from '../onnx-cast.js';
import { demandEps, demandNotEmpty } from '../option-bounds.js';
import { floats32 } from '../sample.js';
import { fromStart, isKnown, product } from '../sizes.js';
import type { DType, TensorType } from '../types.js';
import { constantFill, demandNormalShape, scaleAndShift } from './standardize.js';

export const rmsNorm = composite({
  name: 'rms_norm',
  family: 'norm',
  doc: {
    summary: 'Divides by the root of the mean square over the last axes, then scales.',
    example: 'x -> rms_norm(weight, eps = 1e-5)',
    source: 'Zhang and Sennrich 2019, torch.nn.functional.rms_norm, ONNX RMSNormalization',
  },
  inputs: { x: 'any float tensor', weight: optional('scale, with the shape of the normalized axes') },
  attrs: {
    axis: axis('the first of the normalized axes', -1),
    eps: optionalAttr(float('is added to the mean square; if left out the machine epsilon of the element type')),
  },
  outputs: ['y'],
  infer: (rule, { x, weight }, attrs) => {
    demandEps(rule, attrs.eps ?? 0);
    rule.dtype('x', x, 'float');
    const first = rule.axis(attrs.axis, x.shape.length);
    demandNormalShape(rule, 'weight', weight, x, first);
    demandNotEmpty(rule, '`rms_norm`', 'x', x, [...x.shape.keys()].slice(first));
    return [x];
  },
  flops: ({ x, weight }) => product(x.shape).mul(weight === undefined ? 3 : 4),
  lower: (g, { x, weight }, { axis, eps = machineEpsilon(g.type(x).dtype) }) => {
    const first = fromStart(axis, g.rank(x));
    const axes = Array.from({ length: g.rank(x) - first }, (_, i) => first + i);
    const root = g.sqrt(g.shift(g.mean(g.mul(x, x), axes, true), eps));
    return [scaleAndShift(g, g.div(x, root), weight, undefined)];
  },
  forms: [
    {
      name: 'ONNX RMSNormalization',
      fits: ({ opset }, { x, weight }, { axis }) =>
        opset >= 23 && (weight !== undefined || isKnown(x.shape.slice(fromStart(axis, x.shape.length)))),
      onnx: (g, { x, weight }, { axis, eps = machineEpsilon(g.type(x).dtype) }, y) => {
        const { dtype, shape } = g.type(x);
        const scale = weight ?? constantFill(g, dtype, shape.slice(fromStart(axis, shape.length)), 1);
        return g.node('RMSNormalization', [x, scale], { axis: { int: axis }, epsilon: { float: eps } }, [only(y)]);
      },
    },
    {
      // ONNX Runtime recognizes it in the nodes of the last form by itself, but not for WebGPU. It is ONNX Runtime's own operator, although it has no domain.
      name: 'SimplifiedLayerNormalization',
      targets: ['webgpu'],
      fits: (_on, { x, weight }) => weight !== undefined && (x.dtype === 'f32' || x.dtype === 'f16'),
      onnx: (g, { x, weight }, { axis, eps = machineEpsilon(g.type(x).dtype) }, y) =>
        g.node('SimplifiedLayerNormalization', [x, weight], { axis: { int: axis }, epsilon: { float: eps } }, [only(y)]),
    },
    {
      name: 'ONNX Pow and ReduceMean',
      onnx: (g, { x, weight }, { axis, eps = machineEpsilon(g.type(x).dtype) }) => [
        scaledByRoot(g, x, weight, fromStart(axis, g.type(x).shape.length), eps),
      ],
    },
  ],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3, 8]), weight: floats32([8]) }, attrs: { eps: 1e-5 } },
    { inputs: { x: floats32([2, 3, 8]) } },
    { inputs: { x: floats32([2, 3, 4]), weight: floats32([3, 4]) }, attrs: { axis: 1, eps: 1e-3 } },
  ],
});

/**
 * In the nodes that ONNX Runtime fuses into one on the CPU and on CUDA: a power rather than a product for the square, and a division rather
 * than a reciprocal. Squares of f16 and bf16 are computed in f32, as in PyTorch: in f16 they would overflow from 256 on.
 */
function scaledByRoot<V>(g: OnnxBuilder<V>, x: V, weight: V | undefined, first: number, eps: number): V {
  const type = g.type(x);
  const dtype: DType = type.dtype === 'f64' ? 'f64' : 'f32';
  const wide = { ...type, dtype };
  const one = (opType: string, inputs: readonly V[], to: TensorType, attrs = {}) => only(g.node(opType, inputs, attrs, [to]));
  const root = { dtype, shape: type.shape.map((size, i) => (i < first ? size : Dim.one)) };
  const axes = Array.from({ length: type.shape.length - first }, (_, i) => first + i);
  const input = castNode(g, x, dtype);
  const squares = one('Pow', [input, g.scalar(2, dtype)], wide);
  const mean = one('ReduceMean', [squares, g.ints(axes)], root, { keepdims: { int: 1 } });
  const size = one('Sqrt', [one('Add', [mean, g.scalar(eps, dtype)], root)], root);
  const normal = castNode(g, one('Div', [input, size], wide), type.dtype);
  return weight === undefined ? normal : one('Mul', [normal, weight], type);
}
