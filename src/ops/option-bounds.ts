import type { Dim } from '../dims/dim.js';
import { recode } from './recode.js';
import type { Rule } from './rule.js';
import type { TensorType } from './types.js';

/** Demands that the option `attr` is at least `least`. */
export function demandOption(rule: Rule, attr: string, value: Dim, least: number): void {
  recode('bad-option', () => rule.atLeast(value, least, () => ({ message: `${attr} must be at least ${least}, but is ${value}`, attr })));
}

/** Demands that these axes of a tensor have elements. `what` begins the sentence: `a convolution`. */
export function demandNotEmpty(
  rule: Rule,
  what: string,
  input: string,
  { shape }: TensorType,
  axes: readonly number[] = [...shape.keys()],
): void {
  for (const axis of axes) {
    const size = shape[axis];
    if (size === undefined) continue;
    rule.atLeast(size, 1, () => ({ message: `${what} needs elements, but axis ${axis} of \`${input}\` has size ${size}`, input }));
  }
}

/** Demands that the list given as `attr` has one of these lengths. */
export function demandCount(rule: Rule, attr: string, values: readonly unknown[], lengths: readonly number[]): void {
  if (lengths.includes(values.length)) return;
  const last = lengths[lengths.length - 1];
  const wanted = lengths.length === 1 ? `${last}` : `${lengths.slice(0, -1).join(', ')} or ${last}`;
  rule.fail('bad-option', { message: `${attr} needs ${wanted} ${last === 1 ? 'size' : 'sizes'}, but got ${values.length}`, attr });
}

/** Demands that the option `attr` is a probability. */
export function demandProbability(rule: Rule, attr: string, value: number): void {
  if (value < 0 || value > 1) rule.fail('bad-option', { message: `${attr} is a probability, from 0 to 1, but is ${value}`, attr });
}

/** Demands a small number as `eps`: a width given by mistake would hide what is normalized. */
export function demandEps(rule: Rule, eps: number): void {
  if (!(eps < 0 || eps >= 1)) return;
  const help = 'leave it out for the usual value; the width of a normalisation is inferred from its input';
  rule.fail('bad-option', {
    message: `eps keeps a normalisation from dividing by 0; it is at least 0 and less than 1, not ${eps}`,
    attr: 'eps',
    help,
  });
}
