import { core } from '../define.js';
import { nth, only } from '../only.js';
import { floats32 } from '../sample.js';
import { product } from '../sizes.js';
import { timesRows } from './times-rows.js';

export const matmulDynamic = core({
  name: 'matmul_dynamic',
  family: 'quantized',
  doc: {
    summary: 'Matrix product in 8-bit integers: the right operand is stored in them, and the left one is rounded in each run.',
    example: 'matmul_dynamic(x, numbers, scales)',
    source: 'com.microsoft.DynamicQuantizeMatMul',
  },
  inputs: { x: '[..., M, K]', numbers: '[K, N], 8-bit whole numbers', scales: '[N]' },
  attrs: {},
  outputs: ['y'],
  storage: 'unpacks',
  infer: (rule, { x, numbers, scales }) => {
    rule.rank('x', x, { min: 2 }, '[..., M, K]');
    rule.dtype('x', x, ['f32']);
    rule.rank('numbers', numbers, 2, '[K, N]');
    rule.dtype('numbers', numbers, ['i8']);
    rule.rank('scales', scales, 1, '[N]');
    rule.sameDtype('x', x, 'scales', scales);
    const [inner, paired] = [nth(x.shape, x.shape.length - 1), nth(numbers.shape, 0)];
    rule.equal(paired, inner, () => ({ message: `the inner sizes of this product differ: ${inner} and ${paired}`, input: 'numbers' }));
    const [columns, scaled] = [nth(numbers.shape, 1), nth(scales.shape, 0)];
    rule.equal(scaled, columns, () => ({ message: `there are ${scaled} scales for ${columns} columns`, input: 'scales' }));
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, -1), columns] }];
  },
  flops: ({ x }, _attrs, y) =>
    product(only(y).shape)
      .mul(nth(x.shape, x.shape.length - 1))
      .mul(2),
  onnx: (g, { x, numbers, scales }, _attrs, y) => g.node('DynamicQuantizeMatMul', [x, numbers, scales], {}, [only(y)], 'com.microsoft'),
  // Leaves out the rounding of `x`.
  evaluate: ({ x, numbers, scales }) => {
    const [inner, columns] = [nth(numbers.shape, 0), nth(numbers.shape, 1)];
    const number = (k: number, j: number) => (numbers.data[k * columns + j] as number) * (scales.data[j] as number);
    const rows = Float64Array.from(numbers.data, (_, i) => number(i % inner, Math.floor(i / inner)));
    return [timesRows(x, rows, columns)];
  },
  grad: 'none',
  samples: [
    {
      inputs: { x: floats32([2, 3, 16]), numbers: { dtype: 'i8', shape: [16, 5], min: -63, max: 64 }, scales: floats32([5]) },
      tolerance: { relative: 2e-2, because: 'the kernel rounds `x` to 8 bits' },
    },
  ],
});
