import { Dim } from '../../dims/dim.js';
import { dimAttr } from '../attrs.js';
import { core } from '../define.js';
import { indexTypes, positionAt } from '../index/indices.js';
import { ndArray, sizeOf } from '../nd/array.js';
import { nth, only } from '../only.js';
import { bytes, exactly, floats32 } from '../sample.js';
import { concrete, noFlops } from '../sizes.js';
import { demandPacked, onnxPacking, packedInputs, packingAttrs } from './attrs.js';
import { fromBlocks } from './blocks.js';

export const gatherNBits = core({
  name: 'gather_n_bits',
  family: 'quantized',
  doc: {
    summary: 'Takes rows of a matrix whose rows are packed in blocks.',
    example: 'gather_n_bits(packed, scales, zeros, ids, bits = 4, block = 32, columns = K)',
    source: 'com.microsoft.GatherBlockQuantized',
  },
  inputs: { ...packedInputs, ids: 'integers of any shape; negative ones count from the end' },
  attrs: { ...packingAttrs, columns: dimAttr('the numbers in a row') },
  outputs: ['y'],
  storage: 'unpacks',
  infer: (rule, { ids, ...stored }, attrs) => {
    rule.dtype('scales', stored.scales, ['f32', 'f16']);
    rule.dtype('ids', ids, indexTypes);
    demandPacked(rule, stored, attrs.columns, attrs);
    return [{ dtype: stored.scales.dtype, shape: [...ids.shape, attrs.columns] }];
  },
  flops: noFlops,
  // The blocks of a row follow each other in memory, so the packed numbers of MatMulNBits are also those of GatherBlockQuantized.
  onnx: (g, { packed, scales, zeros, ids }, { columns, ...packing }, y) => {
    const { dtype, shape } = only(y);
    const [rows, blocks, bytes] = [0, 1, 2].map((i) => nth(g.type(packed).shape, i)) as [Dim, Dim, Dim];
    const flat = [rows, blocks.mul(bytes)];
    const data = only(g.node('Reshape', [packed, g.ints(flat.map(concrete))], {}, [{ dtype: 'u8', shape: flat }]));
    // On WebGPU, ONNX Runtime 1.30 reads the wrong row for a scalar id.
    const isSingle = shape.length === 1;
    const of = { dtype: g.type(ids).dtype, shape: isSingle ? [Dim.one] : g.type(ids).shape };
    const list = isSingle ? only(g.node('Reshape', [ids, g.ints([1])], {}, [of])) : ids;
    const attrs = { ...onnxPacking(packing), gather_axis: { int: 0 }, quantize_axis: { int: 1 } };
    const whole = { dtype, shape: [...of.shape, blocks.mul(packing.block)] };
    const taken = only(g.node('GatherBlockQuantized', [data, list, scales, zeros], attrs, [whole], 'com.microsoft'));
    const last = of.shape.length;
    const cutType = { dtype, shape: [...of.shape, columns] };
    const isWhole = blocks.mul(packing.block).equals(columns);
    const row = isWhole ? taken : only(g.node('Slice', [taken, g.ints([0]), g.ints([concrete(columns)]), g.ints([last])], {}, [cutType]));
    return isSingle ? g.node('Reshape', [row, g.ints([concrete(columns)])], {}, [{ dtype, shape }]) : [row];
  },
  evaluate: ({ packed, scales, zeros, ids }, { columns, ...packing }) => {
    const width = concrete(columns);
    const matrix = fromBlocks(packed.data, scales.data, zeros.data, width, packing);
    const y = ndArray(scales.dtype, [...ids.shape, width]);
    for (let i = 0; i < sizeOf(ids.shape); i++) {
      const from = positionAt(ids, i, nth(packed.shape, 0)) * width;
      y.data.set(matrix.subarray(from, from + width), i * width);
    }
    return [y];
  },
  grad: 'none',
  samples: [
    {
      inputs: {
        packed: bytes([5, 2, 8]),
        scales: floats32([5, 2]),
        zeros: bytes([5, 1]),
        ids: exactly('i64', [2, 3], [0, 4, 1, 1, -2, 0]),
      },
      attrs: { bits: 4, block: 16, columns: Dim.of(32) },
    },
    {
      inputs: { packed: bytes([4, 2, 16]), scales: floats32([4, 2]), zeros: bytes([4, 2]), ids: exactly('i64', [], [2]) },
      attrs: { bits: 8, block: 16, columns: Dim.of(20) },
    },
  ],
});
