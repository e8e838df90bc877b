/// <reference types="node" />

/** Whether this is `npm run test:long`, which takes larger samples of what everyday tests try. */
export const isLong = process.env.ARCHC_LONG_TESTS === '1';

/** How many random samples to try: few in everyday runs, many in the long one. */
export function samples(everyday: number, long: number): number {
  return isLong ? long : everyday;
}

/** Every `stride`-th of some cases in everyday runs, and all in the long one. */
export function everyNth<T>(cases: readonly T[], stride: number): readonly T[] {
  return isLong ? cases : cases.filter((_, i) => i % stride === 0);
}
