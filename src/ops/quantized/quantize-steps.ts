import { InternalError } from '../../diagnostics/internal-error.js';
import { int } from '../attrs.js';
import { core } from '../define.js';
import { ndArray } from '../nd/array.js';
import { nth } from '../only.js';
import { floats32 } from '../sample.js';
import { noFlops } from '../sizes.js';
import type { DType } from '../types.js';
import { runsIn, stepped } from './steps.js';

export const quantizeSteps = core({
  name: 'quantize_steps',
  family: 'quantized',
  doc: {
    summary: 'Stores a matrix as whole numbers of a few bits, with a scale and a zero for each run of numbers along an axis.',
    example: 'quantize_steps(weight, axis = 0, block = 32, bits = 8)',
    source: 'the layout of ONNX DequantizeLinear',
  },
  inputs: { weight: '[K, N]' },
  attrs: {
    axis: int('the axis whose numbers share scales'),
    block: int('how many numbers share a scale'),
    bits: int('of one stored number: 4 or 8'),
  },
  outputs: ['numbers', 'scales', 'zeros'],
  storage: 'packs',
  infer: (rule, { weight }, { axis, block, bits }) => {
    rule.rank('weight', weight, 2, '[K, N]');
    rule.dtype('weight', weight, ['f32', 'f16']);
    const shape = weight.shape.map((size, i) => (i === axis ? size.ceilDiv(block) : size));
    return [
      { dtype: stepType(bits), shape: weight.shape },
      { dtype: weight.dtype, shape },
      { dtype: stepType(bits), shape },
    ];
  },
  flops: noFlops,
  onnx: () => {
    throw new InternalError('a weight is quantized when the file is written, not when it is read');
  },
  evaluate: ({ weight }, attrs) => {
    const shape = [nth(weight.shape, 0), nth(weight.shape, 1)] as const;
    const { numbers, scales, zeros } = stepped(weight.data, shape, attrs, weight.dtype);
    const along = shape.map((size, i) => (i === attrs.axis ? runsIn(size, attrs.block) : size));
    return [
      ndArray(stepType(attrs.bits), shape, Float64Array.from(numbers())),
      ndArray(weight.dtype, along, Float64Array.from(scales)),
      ndArray(stepType(attrs.bits), along, Float64Array.from(zeros)),
    ];
  },
  grad: 'none',
  samples: [
    { inputs: { weight: floats32([40, 3]) }, attrs: { axis: 0, block: 16, bits: 8 } },
    { inputs: { weight: floats32([3, 32], 0, 1) }, attrs: { axis: 1, block: 16, bits: 4 } },
  ],
});

function stepType(bits: number): DType {
  return bits === 4 ? 'u4' : 'u8';
}
