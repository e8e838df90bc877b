/// <reference types="node" />

/** Whether this is `npm run test:long`, which takes larger samples of what everyday tests try. */
export const isLong = process.env.ARCHC_LONG_TESTS === '1';

/** How many random samples to try: few in everyday runs, many in the long one. */
export function samples(everyday: number, long: number): number {
  return isLong ? long : everyday;
}
