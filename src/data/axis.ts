import { largest } from '../lists.js';

/** The vertical axis of a panel. */
export interface Axis {
  /** How high a value is: 0 at the bottom, and 1 at the top. */
  at(value: number): number;
  readonly ticks: readonly number[];
  readonly isLogarithmic: boolean;
}

/** A range of positive values has a logarithmic axis if the quotient of its ends is at least this. */
const widest = 100;

/** An axis on which all these values are, with round numbers as its ticks. */
export function axisOf(values: readonly number[]): Axis {
  const lowest = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const highest = largest(values, Number.NEGATIVE_INFINITY);
  if (values.length === 0) return linear(0, 1);
  return lowest > 0 && highest / lowest > widest ? logarithmic(lowest, highest) : linear(lowest, highest);
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
export function niceStep(least: number): number {
  if (!(least > 0) || !Number.isFinite(least)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least * 0.999) ?? 10) * power;
}

/** A number as short as its digits allow. */
export function tickText(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function linear(lowest: number, highest: number): Axis {
  // A line of equal values is in the middle.
  const isFlat = highest - lowest <= 1e-9 * Math.max(Math.abs(lowest), Math.abs(highest));
  const margin = isFlat ? Math.abs(highest || 1) / 4 : 0;
  // Shares, such as an accuracy, are never beyond 1.
  const limit = lowest >= 0 && highest <= 1 ? 1 : Number.POSITIVE_INFINITY;
  const [from, to] = [lowest - margin, Math.min(highest + margin, limit)];
  const step = niceStep((to - from) / 5);
  const first = Math.floor(from / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(to / step - 1e-9));
  return {
    at: (value) => (value / step - first) / (last - first),
    ticks: Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step),
    isLogarithmic: false,
  };
}

function logarithmic(lowest: number, highest: number): Axis {
  const first = Math.floor(Math.log10(lowest));
  const last = Math.ceil(Math.log10(highest));
  const all = Array.from({ length: last - first + 1 }, (_, i) => [1, 2, 5].map((factor) => factor * 10 ** (first + i))).flat();
  const bottom = all.findLast((value) => value <= lowest) ?? lowest;
  const top = all.find((value) => value >= highest) ?? highest;
  const inside = all.filter((value) => value >= bottom && value <= top);
  const decades = inside.filter((value) => Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6));
  const every = Math.ceil(decades.length / 7);
  return {
    at: (value) => Math.log(value / bottom) / Math.log(top / bottom),
    ticks: inside.length <= 10 ? inside : decades.filter((_, i) => i % every === 0),
    isLogarithmic: true,
  };
}
