import type { Dim } from './dim.js';
import type { Facts } from './facts.js';

/** Whether a statement about sizes holds for all values of the variables that satisfy the facts. */
export type Answer =
  | { readonly kind: 'proved' }
  /** It fails for all values. */
  | { readonly kind: 'never' }
  /** It fails for these values of the variables, which satisfy the facts. */
  | { readonly kind: 'not-always'; readonly witness: ReadonlyMap<string, number> }
  | { readonly kind: 'unknown' };

/** `a == b`? */
export function decideEqual(a: Dim, b: Dim, facts: Facts): Answer {
  if (a.equals(b)) return { kind: 'proved' };
  const d = facts.apply(a).sub(facts.apply(b));
  if (d.terms.length === 0) return { kind: 'proved' };
  if (d.bounds.min > 0 || d.bounds.max < 0) return { kind: 'never' };
  return { kind: 'unknown' };
}

/** `a >= b`? */
export function decideAtLeast(a: Dim, b: Dim, facts: Facts): Answer {
  const d = facts.apply(a).sub(facts.apply(b));
  if (d.bounds.min >= 0) return { kind: 'proved' };
  return d.bounds.max < 0 ? { kind: 'never' } : { kind: 'unknown' };
}

/** `value % divisor == 0`? A divisor of 0 divides nothing. */
export function decideDivides(divisor: Dim, value: Dim, facts: Facts): Answer {
  const c = facts.apply(divisor);
  if (c.constant === 0) return { kind: 'never' };
  const remainder = facts.apply(value).mod(c.constant !== undefined && c.constant < 0 ? c.neg() : c);
  if (remainder.terms.length === 0) return { kind: 'proved' };
  return remainder.bounds.min > 0 ? { kind: 'never' } : { kind: 'unknown' };
}
