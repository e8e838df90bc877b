import type { Dim } from '../../../src/dims/dim.js';
import { nth } from '../../../src/ops/only.js';
import type { OnnxCall, Translation } from '../../../src/ops/onnx-table/call.js';
import type { DType } from '../../../src/ops/types.js';

/** Unpacks numbers of `bits` bits each. The first number of a byte is in its lowest bits. */
function unpacked(bytes: readonly number[], bits: number): readonly number[] {
  const each = 8 / bits;
  return bytes.flatMap((byte) => Array.from({ length: each }, (_, i) => (byte >> (i * bits)) % 2 ** bits));
}

/** Rows of `width` numbers in blocks, each with a scale and a zero point. Packed zero points fill whole bytes for each row. */
function dequantized<V>(c: OnnxCall<V>, [data, scales, zeros]: readonly [number, number, number], width: number, dtype: DType): V {
  const bits = c.int('bits', 4);
  const blocks = Math.ceil(width / c.int('block_size', 128));
  const [stored, factors] = [unpacked(c.numbers(data) ?? [], bits), c.numbers(scales) ?? []];
  const rowOfZeros = Math.ceil((blocks * bits) / 8) * (8 / bits);
  const points = c.x(zeros) === undefined ? undefined : unpacked(c.numbers(zeros) ?? [], bits);
  const perRow = blocks * c.int('block_size', 128);
  const rows = Math.floor(stored.length / Math.min(perRow, stored.length));
  const values = Float64Array.from({ length: rows * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const block = Math.floor(column / c.int('block_size', 128));
    const zero = points === undefined ? 2 ** (bits - 1) : nth(points, row * rowOfZeros + block);
    return (nth(stored, row * perRow + column) - zero) * nth(factors, row * blocks + block);
  });
  return c.g.constant({ dtype, shape: [rows, width], data: values });
}

const matMulNBits: Translation = (c) => {
  const { g } = c;
  const weight = dequantized(c, [1, 2, 3], c.int('K', 0), c.type(0).dtype);
  const y = g.matmul(c.in(0), g.swap(weight));
  const bias = c.x(5);
  return [bias === undefined ? y : g.add(y, bias)];
};

const gatherBlocks: Translation = (c) => {
  const width = Number(nth(c.shape(0), 1).mul(8 / c.int('bits', 4)).constant);
  return [c.g.gather(dequantized(c, [0, 2, 3], width, c.type(2).dtype), c.in(1), 0)];
};

/** Subtracts the zero point from numbers. */
function centred<V>(c: OnnxCall<V>, i: number, zero: number): V {
  const shift = (c.numbers(zero) ?? [0])[0] ?? 0;
  const values = Float64Array.from(c.numbers(i) ?? [], (value) => value - shift);
  return c.g.constant({ dtype: 'f32', shape: c.shape(i).map((size) => Number(size.constant)), data: values });
}

const integerToFloat: Translation = (c) => {
  const { g } = c;
  const product = g.matmul(centred(c, 0, 4), centred(c, 1, 5));
  const y = g.mul(g.mul(product, c.in(2)), c.in(3));
  const bias = c.x(6);
  return [bias === undefined ? y : g.add(y, bias)];
};

/** Quantizes to u8 over the range from the smallest to the largest number, which always includes 0. */
function quantized(values: readonly number[]): { readonly whole: readonly number[]; readonly scale: number } {
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const scale = (most - least) / 255;
  const zero = Math.min(Math.max(halfToEven(-least / scale), 0), 255);
  return { whole: values.map((value) => Math.min(Math.max(halfToEven(value / scale) + zero, 0), 255) - zero), scale };
}

function halfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

const dynamicQuantized: Translation = (c) => {
  const { g } = c;
  const { whole, scale } = quantized(c.numbers(0) ?? []);
  const a = g.constant({ dtype: 'f32', shape: c.shape(0).map((size: Dim) => Number(size.constant)), data: Float64Array.from(whole) });
  const y = g.mul(g.scale(g.matmul(a, centred(c, 1, 3)), scale), c.in(2));
  const bias = c.x(4);
  return [bias === undefined ? y : g.add(y, bias)];
};

export const quantizations: Readonly<Record<string, Translation>> = {
  DynamicQuantizeMatMul: dynamicQuantized,
  GatherBlockQuantized: gatherBlocks,
  MatMulIntegerToFloat: integerToFloat,
  MatMulNBits: matMulNBits,
};
