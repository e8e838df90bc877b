import type { Dim } from '../dims/dim.js';
import { recode } from './recode.js';
import type { Rule } from './rule.js';

/** Demands that the option `attr` is no smaller than `least`. */
export function demandOption(rule: Rule, attr: string, value: Dim, least: number): void {
  recode('bad-option', () => rule.atLeast(value, least, () => ({ message: `${attr} must be at least ${least}, but is ${value}`, attr })));
}

/** Demands that the list given as `attr` has one of these lengths. */
export function demandCount(rule: Rule, attr: string, values: readonly unknown[], lengths: readonly number[]): void {
  if (lengths.includes(values.length)) return;
  const last = lengths[lengths.length - 1];
  const wanted = lengths.length === 1 ? `${last}` : `${lengths.slice(0, -1).join(', ')} or ${last}`;
  rule.fail('bad-option', { message: `${attr} wants ${wanted} ${last === 1 ? 'size' : 'sizes'}, but got ${values.length}`, attr });
}
