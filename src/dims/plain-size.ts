import type { Dim } from './dim.js';

/** A size as a number if it is one, otherwise as a formula. */
export function plainSize(size: Dim): number | string {
  return size.constant ?? String(size);
}
