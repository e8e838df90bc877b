import type { Rule } from '../rule.js';
import type { TensorType } from '../types.js';

/** Demands parts of the same element type; reports which part differs. */
export function demandOneDtype(rule: Rule, operator: string, parts: readonly TensorType[]): void {
  const [first] = parts;
  const other = parts.findIndex((part) => part.dtype !== first?.dtype);
  if (first === undefined || other < 0) return;
  rule.fail('dtype-mismatch', {
    message: `${operator} wants parts of one element type, but the first is ${first.dtype} and number ${other + 1} is ${parts[other]?.dtype}`,
    input: 'xs',
    help: `convert it, for instance with \`cast(.., ${first.dtype})\``,
  });
}
