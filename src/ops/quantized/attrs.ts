import { Dim } from '../../dims/dim.js';
import { int } from '../attrs.js';
import { nth } from '../only.js';
import type { OnnxAttr } from '../onnx-builder.js';
import type { Rule } from '../rule.js';
import type { DType, TensorType } from '../types.js';
import { bytesOfBlock, type Packing } from './blocks.js';

/** The options of all operators on packed blocks. */
export const packingAttrs = {
  bits: int('of one stored number: 4 or 8'),
  block: int('how many numbers share a scale'),
};

export const packedInputs = {
  packed: '[N, blocks, bytes of a block], the whole numbers',
  scales: '[N, blocks]',
  zeros: '[N, bytes], the whole number of each block that stands for zero',
};

/** The types of a matrix of `columns` numbers in a row, packed in blocks: numbers, scales, zeros. */
export function packedTypes(rows: Dim, columns: Dim, packing: Packing, dtype: DType): readonly [TensorType, TensorType, TensorType] {
  const runs = columns.ceilDiv(packing.block);
  return [
    { dtype: 'u8', shape: [rows, runs, Dim.of(bytesOfBlock(packing))] },
    { dtype, shape: [rows, runs] },
    { dtype: 'u8', shape: [rows, runs.mul(packing.bits).ceilDiv(8)] },
  ];
}

/** Checks packed rows of `columns` numbers that an operator reads. Returns the number of rows. */
export function demandPacked(
  rule: Rule,
  given: Readonly<Record<'packed' | 'scales' | 'zeros', TensorType>>,
  columns: Dim,
  packing: Packing,
): Dim {
  rule.rank('packed', given.packed, 3, '[N, blocks, bytes]');
  const rows = nth(given.packed.shape, 0);
  const types = packedTypes(rows, columns, packing, given.scales.dtype);
  for (const [i, input] of (['packed', 'scales', 'zeros'] as const).entries()) {
    const [got, wanted] = [given[input], nth(types, i)];
    rule.dtype(input, got, [wanted.dtype]);
    rule.rank(input, got, wanted.shape.length, 'as they were packed');
    for (const [axis, size] of got.shape.entries()) {
      const needed = nth(wanted.shape, axis);
      rule.equal(size, needed, () => ({ message: `axis ${axis} of \`${input}\` is ${size}, not ${needed}`, input }));
    }
  }
  return rows;
}

/** The attributes of the operators of ONNX Runtime that read packed blocks. */
export function onnxPacking({ bits, block }: Packing): Readonly<Record<string, OnnxAttr>> {
  return { bits: { int: bits }, block_size: { int: block } };
}
