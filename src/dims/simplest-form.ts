import { Dim } from './dim.js';
import { DimError } from './dim-error.js';
import type { AtLeast, Fact } from './fact.js';
import { tighten } from './tighten.js';

/**
 * A shorter fact that is equivalent for all sizes: `H // 32 + 6 >= 7` is `H >= 32`, `H - 1 >= 1` is `H >= 2`. It has the smaller side on
 * the right, or the constant: `T <= 64`.
 */
export function simplestForm(fact: Fact): Fact {
  if (fact.kind !== 'at-least') return fact;
  try {
    return asComparison(unwrapped(fact.left.sub(fact.right)));
  } catch (e) {
    // The numbers leave the exact range on the way.
    if (e instanceof DimError) return fact;
    throw e;
  }
}

/** For `size >= 0`: common factors are removed, and floors and maxima that are single terms are expanded. */
function unwrapped(size: Dim): Dim {
  const d = tighten(size);
  const [head, ...others] = d.terms.filter((t) => t.monomial.degree > 0);
  const atom = head?.monomial.atom;
  if (head === undefined || others.length > 0 || Math.abs(head.coefficient) !== 1 || atom === undefined) return d;
  const rises = head.coefficient > 0;
  if (atom.kind === 'floor') {
    const divisor = atom.divisor.constant;
    if (divisor === undefined) return d;
    // E // c >= k is E >= c*k; E // c <= k is E <= c*k + c - 1.
    const least = -d.offset;
    const most = d.offset;
    return unwrapped(rises ? atom.value.sub(divisor * least) : Dim.of(divisor * most + divisor - 1).sub(atom.value));
  }
  if (atom.kind === 'max') {
    // max(E, 0) >= k is E >= k for k of at least 1; max(E, 0) <= k is E <= k for k of at least 0.
    if (rises && d.offset < 0) return unwrapped(atom.value.add(d.offset));
    if (!rises && d.offset >= 0) return unwrapped(Dim.of(d.offset).sub(atom.value));
  }
  return d;
}

function asComparison(size: Dim): AtLeast {
  const positive = Dim.ofTerms(size.terms.filter((t) => t.coefficient > 0 && t.monomial.degree > 0));
  const negative = Dim.ofTerms(size.terms.filter((t) => t.coefficient < 0 && t.monomial.degree > 0)).neg();
  const { offset } = size;
  if (positive.terms.length === 0 && negative.terms.length > 0)
    return { kind: 'at-least', left: Dim.of(offset), right: negative, written: '<=' };
  if (negative.terms.length === 0) return { kind: 'at-least', left: positive, right: Dim.of(-offset) };
  return offset >= 0
    ? { kind: 'at-least', left: positive.add(offset), right: negative }
    : { kind: 'at-least', left: positive, right: negative.sub(offset) };
}
