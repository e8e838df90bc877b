import type { Rule } from '../rule.js';

/** The axes counted from 0, in the order given; reports one that is out of range or given twice. */
export function distinctAxes(rule: Rule, axes: readonly number[], rank: number): readonly number[] {
  const normal = axes.map((axis) => rule.axis(axis, rank, 'axes'));
  const twice = normal.find((axis, i) => normal.indexOf(axis) !== i);
  if (twice !== undefined) rule.fail('bad-axis', { message: `axis ${twice} is given twice`, attr: 'axes' });
  return normal;
}
