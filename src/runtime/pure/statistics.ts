/** An overview of many numbers. */
export interface Statistics {
  /** Least, greatest and mean value of the finite numbers; undefined if there are none. */
  readonly finite: { readonly min: number; readonly max: number; readonly mean: number } | undefined;
  /** How many of the numbers are infinite or not a number. */
  readonly notFinite: number;
}

/** Summarizes numbers, such as the elements of an output, in one pass. */
export function statisticsOf(numbers: Float64Array): Statistics {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let notFinite = 0;
  for (const number of numbers) {
    if (!Number.isFinite(number)) notFinite++;
    else {
      min = Math.min(min, number);
      max = Math.max(max, number);
      sum += number;
    }
  }
  const count = numbers.length - notFinite;
  return { finite: count === 0 ? undefined : { min, max, mean: sum / count }, notFinite };
}
