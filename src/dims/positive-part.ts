import type { Dim } from './dim.js';
import { gcd } from './integer.js';
import { type Monomial, maxAtom } from './terms.js';

/**
 * `max(value, 0)` in normal form: decided by bounds if they suffice; common nonnegative factors move out; the leading coefficient is
 * positive, because `max(-x, 0) = max(x, 0) - x`.
 */
export function positivePart(value: Dim): Dim {
  const { min, max } = value.bounds;
  if (min >= 0) return value;
  if (max <= 0) return value.withConstant(0);
  const [first, ...rest] = value.terms;
  if (first === undefined) return value.withConstant(0);
  let shared: Monomial = first.monomial.filter((atom) => atom.kind === 'variable' && atom.min >= 0);
  let factor = first.coefficient;
  for (const term of rest) {
    shared = shared.common(term.monomial);
    factor = gcd(factor, term.coefficient);
  }
  factor = Math.abs(factor);
  const sign = first.coefficient < 0 ? -1 : 1;
  const terms = value.terms.map(({ coefficient, monomial }) => ({
    coefficient: (coefficient / factor) * sign,
    // `shared` divides every monomial.
    monomial: monomial.over(shared) ?? monomial,
  }));
  const content = value.withTerms([{ coefficient: factor, monomial: shared }]);
  const core = value.withTerms(terms);
  // Without the factors, the bounds may determine more.
  const { min: least, max: most } = core.bounds;
  const positive = least >= 0 ? core : most <= 0 ? value.withConstant(0) : value.withAtom(maxAtom(core));
  return content.mul(sign === 1 ? positive : positive.sub(core));
}
