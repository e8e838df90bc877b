import { int } from '../attrs.js';
import { core } from '../define.js';
import { nth, only } from '../only.js';
import { bytes, floats32 } from '../sample.js';
import { concrete, product } from '../sizes.js';
import { demandPacked, onnxPacking, packedInputs, packingAttrs } from './attrs.js';
import { fromBlocks } from './blocks.js';
import { timesRows } from './times-rows.js';

export const matmulNBits = core({
  name: 'matmul_n_bits',
  family: 'quantized',
  doc: {
    summary: 'Matrix product with a transposed matrix whose rows are packed in blocks.',
    example: 'matmul_n_bits(x, packed, scales, zeros, bits = 4, block = 32)',
    source: 'com.microsoft.MatMulNBits',
  },
  inputs: { x: '[..., K]', ...packedInputs },
  attrs: {
    ...packingAttrs,
    accuracy: int('what the kernel may compute in: 0, the type of `x`; 4, also 8-bit integers', 0),
  },
  outputs: ['y'],
  storage: 'unpacks',
  infer: (rule, { x, ...stored }, attrs) => {
    rule.rank('x', x, { min: 2 }, '[..., M, K]');
    rule.dtype('x', x, ['f32', 'f16']);
    rule.sameDtype('x', x, 'scales', stored.scales);
    const rows = demandPacked(rule, stored, nth(x.shape, x.shape.length - 1), attrs);
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, -1), rows] }];
  },
  flops: ({ x }, _attrs, y) =>
    product(only(y).shape)
      .mul(nth(x.shape, x.shape.length - 1))
      .mul(2),
  onnx: (g, { x, packed, scales, zeros }, { accuracy, ...packing }, y) => {
    const K = concrete(nth(g.type(x).shape, g.type(x).shape.length - 1));
    const N = concrete(nth(g.type(packed).shape, 0));
    const attrs = {
      K: { int: K },
      N: { int: N },
      ...onnxPacking(packing),
      ...(accuracy === 0 ? {} : { accuracy_level: { int: accuracy } }),
    };
    return g.node('MatMulNBits', [x, packed, scales, zeros], attrs, [only(y)], 'com.microsoft');
  },
  evaluate: ({ x, packed, scales, zeros }, attrs) => {
    const columns = nth(x.shape, x.shape.length - 1);
    return [timesRows(x, fromBlocks(packed.data, scales.data, zeros.data, columns, attrs), nth(packed.shape, 0))];
  },
  grad: 'none',
  samples: [
    {
      inputs: { x: floats32([2, 3, 32]), packed: bytes([5, 2, 8]), scales: floats32([5, 2]), zeros: bytes([5, 1]) },
      attrs: { bits: 4, block: 16 },
    },
    {
      inputs: { x: floats32([4, 72]), packed: bytes([3, 3, 16]), scales: floats32([3, 3]), zeros: bytes([3, 2]) },
      attrs: { bits: 4, block: 32 },
    },
    {
      inputs: { x: floats32([4, 20]), packed: bytes([3, 2, 16]), scales: floats32([3, 2]), zeros: bytes([3, 2]) },
      attrs: { bits: 8, block: 16 },
    },
    {
      inputs: { x: floats32([1, 64]), packed: bytes([4, 2, 16]), scales: floats32([4, 2]), zeros: bytes([4, 1]) },
      attrs: { bits: 4, block: 32, accuracy: 4 },
      tolerance: { relative: 2e-2, because: 'the kernel rounds `x` to 8 bits' },
    },
  ],
});
