import type { Fact } from '../dims/facts.js';
import type { Residual } from '../ops/symbolic-rule.js';

/** What has to hold of the sizes for an open demand to be met; undefined for one that is no fact: that a size is a number. */
export function factOf({ kind, left, right }: Residual): Fact | undefined {
  switch (kind) {
    case 'constant':
      return undefined;
    case 'divides':
      return { kind, divisor: left, value: right };
    default:
      return { kind, left, right };
  }
}
