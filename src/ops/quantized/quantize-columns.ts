import { InternalError } from '../../diagnostics/internal-error.js';
import { core } from '../define.js';
import { ndArray } from '../nd/array.js';
import { nth } from '../only.js';
import { floats32 } from '../sample.js';
import { noFlops } from '../sizes.js';
import { inColumns } from './columns.js';

export const quantizeColumns = core({
  name: 'quantize_columns',
  family: 'quantized',
  doc: {
    summary: 'Stores a matrix as 8-bit whole numbers, with a scale for each column.',
    example: 'quantize_columns(weight)',
    source: 'the layout of com.microsoft.DynamicQuantizeMatMul',
  },
  inputs: { weight: '[K, N]' },
  attrs: {},
  outputs: ['numbers', 'scales'],
  storage: 'packs',
  infer: (rule, { weight }) => {
    rule.rank('weight', weight, 2, '[K, N]');
    rule.dtype('weight', weight, ['f32']);
    return [
      { dtype: 'i8', shape: weight.shape },
      { dtype: weight.dtype, shape: weight.shape.slice(1) },
    ];
  },
  flops: noFlops,
  onnx: () => {
    throw new InternalError('a weight is quantized when the file is written, not when it is read');
  },
  evaluate: ({ weight }) => {
    const columns = nth(weight.shape, 1);
    const { numbers, scales } = inColumns(weight.data, columns);
    return [ndArray('i8', weight.shape, Float64Array.from(numbers())), ndArray(weight.dtype, [columns], Float64Array.from(scales))];
  },
  grad: 'none',
  samples: [{ inputs: { weight: floats32([8, 3]) } }],
});
