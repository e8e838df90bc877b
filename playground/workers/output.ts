import type { Tensor } from 'archc/runtime';
import type { Output } from './messages.js';

const bins = 32;
/** The most elements of a row that are shown one by one. */
const longestRow = 40;
/** The least and greatest side of what is shown as a picture. */
const [shortestSide, longestSide] = [12, 1024];

/** What is shown of a tensor. */
export function outputOf(name: string, { dtype, shape, data }: Tensor): Output {
  const numbers = numbersOf(dtype, data as ArrayLike<number | bigint>);
  const finite = numbers.filter((number) => Number.isFinite(number));
  let [least, greatest, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const number of finite) {
    least = Math.min(least, number);
    greatest = Math.max(greatest, number);
    sum += number;
  }
  const [height = 1, width = 1] = shape.length > 1 ? shape.slice(-2) : [1, ...shape];
  const isPicture = [height, width].every((side) => side >= shortestSide && side <= longestSide);
  return {
    name,
    dtype,
    shape,
    least,
    greatest,
    mean: sum / finite.length,
    notFinite: numbers.length - finite.length,
    histogram: histogramOf(finite, least, greatest),
    row: !isPicture && width <= longestRow ? [...numbers.subarray(0, width)] : undefined,
    picture: isPicture ? { width, height, values: numbers.slice(0, width * height) } : undefined,
  };
}

function histogramOf(numbers: Float32Array, least: number, greatest: number): readonly number[] {
  const counts = new Array<number>(bins).fill(0);
  const scale = greatest > least ? bins / (greatest - least) : 0;
  for (const number of numbers) {
    const bin = Math.min(bins - 1, Math.floor((number - least) * scale));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function numbersOf(dtype: string, data: ArrayLike<number | bigint>): Float32Array {
  const number = dtype === 'f16' ? half : dtype === 'bf16' ? brain : Number;
  return Float32Array.from({ length: data.length }, (_, i) => number(data[i] as number));
}

/** The number that a bit pattern of f16 means. */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The number that a bit pattern of bf16 means. */
function brain(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0] ?? Number.NaN;
}
