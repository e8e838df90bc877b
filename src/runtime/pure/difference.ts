import type { TensorData } from './tensor-data.js';
import { numbersOf } from './tensor-numbers.js';

/** How much a tensor differs from the exact one. */
export interface Difference {
  /** The root mean square of the differences, relative to that of the exact numbers. */
  readonly relative: number;
  readonly largest: number;
  /** The largest magnitude of an exact number. */
  readonly largestNumber: number;
  /** The share of the rows whose largest number is at the same position; undefined if there are no rows of two or more. */
  readonly sameChoice: number | undefined;
}

/** Compares two tensors of the same shape. */
export function differenceOf(got: TensorData, wanted: TensorData): Difference {
  const [a, b] = [numbersOf(got), numbersOf(wanted)];
  let [squares, all, largest, largestNumber] = [0, 0, 0, 0];
  for (let i = 0; i < b.length; i++) {
    const [value, exact] = [a[i] ?? Number.NaN, b[i] ?? Number.NaN];
    const difference = value === exact ? 0 : Math.abs(value - exact);
    squares += difference ** 2;
    all += exact ** 2;
    if (!(difference <= largest)) largest = difference;
    if (Math.abs(exact) > largestNumber) largestNumber = Math.abs(exact);
  }
  const relative = squares === 0 ? 0 : Math.sqrt(squares / all);
  return { relative, largest, largestNumber, sameChoice: sameChoice(a, b, wanted.shape.at(-1) ?? 1) };
}

function sameChoice(a: Float64Array, b: Float64Array, width: number): number | undefined {
  if (width < 2 || b.length === 0) return undefined;
  let same = 0;
  for (let row = 0; row < b.length; row += width) if (highest(a, row, width) === highest(b, row, width)) same++;
  return same / (b.length / width);
}

function highest(numbers: Float64Array, start: number, width: number): number {
  let place = start;
  for (let i = start + 1; i < start + width; i++) if ((numbers[i] ?? 0) > (numbers[place] ?? 0)) place = i;
  return place;
}
