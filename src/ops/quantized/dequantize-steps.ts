import { axis, int } from '../attrs.js';
import { core } from '../define.js';
import { ndArray, sizeOf } from '../nd/array.js';
import { nth, only } from '../only.js';
import { bytes, floats32 } from '../sample.js';
import { elements, fromStart } from '../sizes.js';
import { fromSteps } from './steps.js';

export const dequantizeSteps = core({
  name: 'dequantize_steps',
  family: 'quantized',
  doc: {
    summary: 'The numbers that whole numbers of a few bits and the scales and zeros of their runs represent.',
    example: 'dequantize_steps(numbers, scales, zeros, axis = 0, block = 32)',
    source: 'ONNX DequantizeLinear',
  },
  inputs: {
    numbers: 'whole numbers of 4 or 8 bits',
    scales: 'the same shape, but one number for each run along the axis',
    zeros: 'as the scales: the whole number of each run that stands for zero',
  },
  attrs: { axis: axis('the axis of the runs: the first of two, or the last'), block: int('how many numbers are a run') },
  outputs: ['y'],
  storage: 'unpacks',
  infer: (rule, { numbers, scales, zeros }, { axis, block }) => {
    rule.dtype('numbers', numbers, ['u8', 'u4']);
    rule.sameDtype('numbers', numbers, 'zeros', zeros);
    rule.dtype('scales', scales, ['f32', 'f16']);
    const along = rule.axis(axis, numbers.shape.length);
    for (const [input, { shape }] of Object.entries({ scales, zeros })) {
      rule.rank(input, { dtype: 'u8', shape }, numbers.shape.length, 'as many axes as the numbers');
      for (const [i, size] of numbers.shape.entries()) {
        const [got, wanted] = [nth(shape, i), i === along ? size.ceilDiv(block) : size];
        rule.equal(got, wanted, () => ({ message: `axis ${i} of \`${input}\` is ${got}, not ${wanted}`, input }));
      }
    }
    return [{ dtype: scales.dtype, shape: numbers.shape }];
  },
  flops: (_x, _attrs, y) => elements(only(y)),
  onnx: (g, { numbers, scales, zeros }, { axis, block }, y) => {
    const attrs = { axis: { int: fromStart(axis, only(y).shape.length) }, block_size: { int: block } };
    return g.node('DequantizeLinear', [numbers, scales, zeros], attrs, [only(y)]);
  },
  evaluate: ({ numbers, scales, zeros }, { axis, block }) => {
    const { shape } = numbers;
    const isLast = fromStart(axis, shape.length) === shape.length - 1;
    const width = nth(shape, shape.length - 1);
    const matrix = [isLast ? sizeOf(shape.slice(0, -1)) : nth(shape, 0), width] as const;
    return [ndArray(scales.dtype, shape, fromSteps(numbers.data, scales.data, zeros.data, matrix, { axis: isLast ? 1 : 0, block }))];
  },
  grad: 'none',
  samples: [
    { inputs: { numbers: bytes([32, 3]), scales: floats32([2, 3]), zeros: bytes([2, 3]) }, attrs: { axis: 0, block: 16 } },
    { inputs: { numbers: bytes([2, 3, 32]), scales: floats32([2, 3, 2]), zeros: bytes([2, 3, 2]) }, attrs: { axis: -1, block: 16 } },
    { inputs: { numbers: bytes([40, 3]), scales: floats32([3, 3]), zeros: bytes([3, 3]) }, attrs: { axis: 0, block: 16 } },
  ],
});
