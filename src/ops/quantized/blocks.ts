import type { DType } from '../types.js';
import { type Floats, fromSteps, runsIn, type Stepped, stepped } from './steps.js';

/** How the rows of a matrix are laid out in memory: in blocks of `block` integers of 4 or 8 bits, the last one padded. */
export interface Packing {
  readonly bits: number;
  readonly block: number;
}

export function bytesOfBlock({ bits, block }: Packing): number {
  return (block * bits) / 8;
}

/** The bytes of the zeros of a row: two zeros of 4 bits in a byte. */
export function bytesOfZeros(columns: number, { bits, block }: Packing): number {
  return Math.ceil((runsIn(columns, block) * bits) / 8);
}

/** A matrix in blocks. */
export function inBlocks(
  matrix: Floats,
  columns: number,
  packing: Packing,
  dtype: DType,
): Stepped & { readonly packed: () => Uint8Array; readonly packedZeros: () => Uint8Array } {
  const rows = columns === 0 ? 0 : matrix.length / columns;
  const made = stepped(matrix, [rows, columns], { axis: 1, ...packing }, dtype);
  const runs = runsIn(columns, packing.block);
  return {
    ...made,
    packed: () => packedRows(made.numbers(), columns, runs * bytesOfBlock(packing), packing.bits),
    packedZeros: () => packedRows(made.zeros, runs, bytesOfZeros(columns, packing), packing.bits),
  };
}

/** Packs rows of `length` numbers into rows of `bytes` bytes. Where two numbers share a byte, the first has the lower bits. */
export function packedRows(numbers: Uint8Array, length: number, bytes: number, bits: number): Uint8Array {
  const rows = length === 0 ? 0 : numbers.length / length;
  const packed = new Uint8Array(rows * bytes);
  for (let row = 0; row < rows; row++) {
    const from = row * length;
    if (bits === 8) packed.set(numbers.subarray(from, from + length), row * bytes);
    else
      for (let i = 0, to = row * bytes; i < length; i += 2, to++)
        packed[to] = (numbers[from + i] as number) | (i + 1 < length ? (numbers[from + i + 1] as number) << 4 : 0);
  }
  return packed;
}

/** The first `length` numbers of each row of `bytes` bytes. */
function unpackedRows(packed: ArrayLike<number>, length: number, bytes: number, bits: number): Uint8Array {
  const rows = bytes === 0 ? 0 : packed.length / bytes;
  return Uint8Array.from({ length: rows * length }, (_, i) => {
    const [row, column] = [Math.floor(i / length), i % length];
    if (bits === 8) return packed[row * bytes + column] as number;
    return ((packed[row * bytes + (column >> 1)] as number) >> (4 * (column & 1))) & 15;
  });
}

/** The numbers that blocks represent, in rows of `columns`. */
export function fromBlocks(
  packed: ArrayLike<number>,
  scales: ArrayLike<number>,
  zeros: ArrayLike<number>,
  columns: number,
  packing: Packing,
): Float64Array {
  const runs = runsIn(columns, packing.block);
  const numbers = unpackedRows(packed, columns, runs * bytesOfBlock(packing), packing.bits);
  const each = unpackedRows(zeros, runs, bytesOfZeros(columns, packing), packing.bits);
  return fromSteps(numbers, scales, each, [runs === 0 ? 0 : scales.length / runs, columns], { axis: 1, block: packing.block });
}
