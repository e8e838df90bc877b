import { Dim } from '../../dims/dim.js';
import { dimsAttr, dtypeAttr, floatTypeAttr, optionalAttr } from '../attrs.js';
import { composite } from '../define.js';
import { floats32, ints64 } from '../sample.js';
import { noFlops } from '../sizes.js';
import { demandShape, filledType } from './demand-shape.js';

/** `zeros` and `ones`: `full` with a fixed value. */
export function filled(name: 'zeros' | 'ones', value: 0 | 1) {
  return composite({
    name,
    family: 'create',
    doc: { summary: `A tensor of ${name}.`, example: `${name}(shape = [2, 3])`, source: `torch.${name}` },
    inputs: {},
    attrs: { shape: dimsAttr('the shape; [] for a scalar'), dtype: floatTypeAttr('element type') },
    outputs: ['y'],
    infer: (rule, _x, { shape, dtype }) => {
      demandShape(rule, shape);
      return [{ dtype, shape }];
    },
    flops: noFlops,
    lower: (g, _x, { shape, dtype }) => [g.op('full', [], { shape, value, dtype })],
    grad: 'none',
    samples: [
      { inputs: {}, attrs: { shape: [2, 3].map(Dim.of) } },
      { inputs: {}, attrs: { shape: [Dim.of(3)], dtype: 'bool' } },
    ],
  });
}

/** `zeros_like` and `ones_like`. */
export function filledLike(name: 'zeros_like' | 'ones_like', value: 0 | 1) {
  return composite({
    name,
    family: 'create',
    doc: {
      summary: `A tensor of ${value === 0 ? 'zeros' : 'ones'} with the shape of \`x\`.`,
      example: `${name}(x)`,
      source: `torch.${name}`,
    },
    inputs: { x: 'the tensor whose shape and dtype are taken' },
    attrs: { dtype: optionalAttr(dtypeAttr('element type; that of `x` if left out')) },
    outputs: ['y'],
    infer: (rule, { x }, { dtype }) => [{ dtype: filledType(rule, name, x, dtype), shape: x.shape }],
    flops: noFlops,
    lower: (g, { x }, { dtype }) => [g.op('full', [], { shape: g.shape(x), value, dtype: dtype ?? g.type(x).dtype })],
    grad: 'none',
    samples: [{ inputs: { x: floats32([2, 3]) } }, { inputs: { x: ints64([2], 0, 9) }, attrs: { dtype: 'f32' } }],
  });
}
