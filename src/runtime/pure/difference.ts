import { isFloat } from '../../ops/types.js';
import { indexOfElement } from './index-of-element.js';
import type { TensorData } from './tensor-data.js';
import { numbersOf } from './tensor-numbers.js';

/** How much a tensor differs from the exact one. Rows of which the exact tensor has a NaN are not compared, nor infinities that are the same in both. */
export interface Difference {
  /** The root mean square of the differences, relative to that of the exact numbers; NaN if nothing was compared. */
  readonly relative: number;
  readonly largest: number;
  /** The largest magnitude of an exact number. */
  readonly largestNumber: number;
  /** The least cosine of a row and the exact one; undefined for fewer than two axes, for rows of one number, and for integers. */
  readonly cosine: number | undefined;
  /** The share of the rows whose largest number is at the same position; undefined if there are no rows of two or more. For integers and booleans, the share of elements that are the same. */
  readonly sameChoice: number | undefined;
  /** How many rows there are along the last axis; the elements of a tensor with one axis are rows. */
  readonly rows: number;
  /** Which rows are not compared, as positions on all axes but the last. */
  readonly undefinedRows: readonly (readonly number[])[];
  /** The first element that is NaN or infinite, although the exact one is finite. */
  readonly lost: { readonly index: readonly number[]; readonly value: number } | undefined;
}

/** Compares two tensors of the same shape. */
export function differenceOf(got: TensorData, wanted: TensorData): Difference {
  const [a, b] = [numbersOf(got), numbersOf(wanted)];
  const { shape, dtype } = wanted;
  const width = shape.length > 1 ? (shape.at(-1) ?? 1) : 1;
  const sums = new Sums();
  const [compared, skipped]: [number[], number[]] = [[], []];
  for (let row = 0; row < b.length; row += width) (b.subarray(row, row + width).some(Number.isNaN) ? skipped : compared).push(row);
  for (const row of compared) for (let i = row; i < row + width; i++) sums.add(a[i] ?? Number.NaN, b[i] ?? Number.NaN, i);
  const { relative, largest, largestNumber, lostAt } = sums;
  const rowsOf = (starts: readonly number[]) =>
    starts.map((row) => indexOfElement(shape.length > 1 ? shape.slice(0, -1) : shape, row / width));
  return {
    relative: compared.length === 0 ? Number.NaN : relative,
    largest,
    largestNumber,
    cosine: width < 2 || !isFloat(dtype) ? undefined : leastCosine(a, b, compared, width),
    sameChoice: isFloat(dtype)
      ? sameChoice(a, b, shape.length === 1 && skipped.length === 0 ? [0] : compared, shape.at(-1) ?? 1)
      : same(a, b),
    rows: compared.length + skipped.length,
    undefinedRows: rowsOf(skipped),
    lost: lostAt === undefined ? undefined : { index: indexOfElement(shape, lostAt), value: a[lostAt] ?? Number.NaN },
  };
}

class Sums {
  #squares = 0;
  #all = 0;
  largest = 0;
  largestNumber = 0;
  lostAt: number | undefined;

  add(value: number, exact: number, at: number): void {
    if (Number.isFinite(exact)) {
      this.#all += exact ** 2;
      this.largestNumber = Math.max(this.largestNumber, Math.abs(exact));
      if (!Number.isFinite(value)) this.lostAt ??= at;
    }
    const difference = value === exact ? 0 : Math.abs(value - exact);
    this.#squares += difference ** 2;
    if (!(difference <= this.largest)) this.largest = difference;
  }

  get relative(): number {
    return this.#squares === 0 ? 0 : Math.sqrt(this.#squares / this.#all);
  }
}

/** Undefined where no row has a direction: all are zeros, or infinite. */
function leastCosine(a: Float64Array, b: Float64Array, rows: readonly number[], width: number): number | undefined {
  let least: number | undefined;
  for (const row of rows) {
    let [product, left, right] = [0, 0, 0];
    for (let i = row; i < row + width; i++) {
      const [x, y] = [a[i] ?? 0, b[i] ?? 0];
      product += x * y;
      left += x * x;
      right += y * y;
    }
    const cosine = product / Math.sqrt(left) / Math.sqrt(right);
    if (!Number.isNaN(cosine)) least = Math.min(least ?? 1, cosine);
  }
  return least;
}

function same(a: Float64Array, b: Float64Array): number | undefined {
  return b.length === 0 ? undefined : b.filter((value, i) => value === a[i]).length / b.length;
}

function sameChoice(a: Float64Array, b: Float64Array, rows: readonly number[], width: number): number | undefined {
  if (width < 2 || rows.length === 0) return undefined;
  return rows.filter((row) => highest(a, row, width) === highest(b, row, width)).length / rows.length;
}

function highest(numbers: Float64Array, start: number, width: number): number {
  let place = start;
  for (let i = start + 1; i < start + width; i++) if ((numbers[i] ?? 0) > (numbers[place] ?? 0)) place = i;
  return place;
}
