import type { Op } from '../../ops/define.js';
import type { AxisRule } from '../axis-rule.js';
import { computeRules, elementwise, perChannel } from './compute.js';
import { shapeRules } from './shape.js';

/** The rules of operators that do not follow the rule of their family. */
const own: ReadonlyMap<string, AxisRule> = new Map(Object.entries({ ...computeRules, ...shapeRules, interpolate: perChannel }));

const families: ReadonlyMap<string, AxisRule> = new Map(
  Object.entries({ elementwise, logic: elementwise, dropout: elementwise, pool: perChannel }),
);

/** How an operator passes channels on; undefined if archc cannot follow them through it. */
export function axisRule({ name, family }: Op): AxisRule | undefined {
  return own.get(name) ?? families.get(family);
}
