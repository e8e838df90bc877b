import type { NdArray } from '../../src/ops/types.js';

/** Distance of the places that a central difference looks at, relative to numbers above 1. */
const step = 1e-6;
/** Part of the larger of two derivatives that they may differ by. */
export const tolerance = 1e-5;
const epsilon = 2 ** -52;

/** A number, and the sum of the magnitudes from which it was added up: its rounding errors are those of a number of that size. */
export interface Sum {
  readonly total: number;
  readonly magnitude: number;
}

/** What the numbers around a place say about the derivative there. */
export interface Difference {
  readonly value: number;
  /** How far the rounding of the function may have moved it. */
  readonly noise: number;
  /** How far two estimates are apart that agree where the function is smooth: with the step, and with twice the step. */
  readonly spread: number;
}

/** The central difference of a function of an element, which it reads from `array`. */
export function centralDifference(array: NdArray, element: number, f: () => Sum): Difference {
  const at = array.data[element] as number;
  const h = step * Math.max(1, Math.abs(at));
  const [far, low, here, high, away] = [-2, -1, 0, 1, 2].map((k) => {
    array.data[element] = at + k * h;
    return f();
  }) as [Sum, Sum, Sum, Sum, Sum];
  array.data[element] = at;
  const [near, wide] = [(high.total - low.total) / (2 * h), (away.total - far.total) / (4 * h)];
  // The derivatives to the right and to the left differ by a multiple of the step where the function is smooth, and by a constant at a kink, even at one between two slopes
  // that give the same central difference for every step.
  const bend = (high.total - 2 * here.total + low.total) / h;
  const wideBend = (away.total - 2 * here.total + far.total) / (2 * h);
  const noise = (16 * epsilon * Math.max(here.magnitude, high.magnitude, low.magnitude)) / h;
  return { value: near, noise, spread: Math.max(Math.abs(near - wide), Math.abs(2 * bend - wideBend)) };
}

/** What came of the comparison of a gradient with central differences. */
export interface Compared {
  readonly compared: number;
  /** How many elements have a derivative that is not zero. */
  readonly moved: number;
  /** Elements at a kink, or where the function or its rounding changes too fast to tell. */
  readonly skipped: number;
  /** Relative to what is allowed. */
  readonly worst: number;
  /** The first element that is wrong. */
  readonly fault: string | undefined;
}

/** Compares some elements of the gradient of a function, which reads `array`; without one the gradient is zero. */
export function compareWithDifferences(array: NdArray, gradient: NdArray | undefined, elements: readonly number[], f: () => Sum): Compared {
  const found = elements.map((element) => ({ element, got: gradient?.data[element] ?? 0, ...centralDifference(array, element, f) }));
  // A jump is not a derivative, however large it is.
  const largest = Math.max(0, ...found.flatMap(({ value, spread }) => (spread <= 1e-3 * Math.abs(value) ? [Math.abs(value)] : [])));
  let [compared, moved, skipped, worst] = [0, 0, 0, 0];
  let fault: string | undefined;
  for (const { element, got, value, noise, spread } of found) {
    const allowed = tolerance * largest + noise;
    if (!(spread <= allowed)) {
      skipped++;
      continue;
    }
    compared++;
    if (Math.abs(value) > noise) moved++;
    const off = Math.abs(got - value);
    if (off <= allowed) worst = Math.max(worst, off === 0 ? 0 : off / allowed);
    else fault ??= `[${element}] is ${got}, the central difference ${value} (+- ${allowed})`;
  }
  return { compared, moved, skipped, worst, fault };
}
