import { commonDtype } from '../common-dtype.js';
import type { Rule } from '../rule.js';
import type { TensorType } from '../types.js';

/** Demands parts of the same element type; reports which part differs. */
export function demandOneDtype(rule: Rule, operator: string, parts: readonly TensorType[]): void {
  const [first] = parts;
  const other = parts.findIndex((part) => part.dtype !== first?.dtype);
  const second = parts[other];
  if (first === undefined || second === undefined) return;
  const common = commonDtype(first.dtype, second.dtype);
  const which = common === first.dtype ? 'that one' : common === second.dtype ? 'the first' : 'both';
  rule.fail('dtype-mismatch', {
    message: `${operator} needs parts of one element type, but the first is ${first.dtype} and number ${other + 1} is ${second.dtype}`,
    input: 'xs',
    help: `convert ${which} with \`cast(.., ${common})\``,
  });
}
