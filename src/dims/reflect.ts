import { Dim } from './dim.js';
import type { FloorAtom } from './terms.js';

/** How often one quotient is reflected while merging produces new ones. */
const MAX_PASSES = 4;

/**
 * Every floor over a literal can be written from below and from above: `floor(E/c) = -floor((c - 1 - E)/c)`. This picks the form whose
 * leading coefficient is at most half of the divisor, so that quotients rounded up meet and merge. For decisions only: what the user wrote
 * as `floor(3*C/4)` would become `C - floor((C + 3)/4)`.
 */
export function reflectFloors(dim: Dim): Dim {
  let current = dim.replaceOperands(reflectFloors);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const next = current.replaceAtoms((atom) => (atom.kind === 'floor' ? reflected(atom) : undefined));
    if (next === current) break;
    current = next;
  }
  return current;
}

function reflected({ value, divisor }: FloorAtom): Dim | undefined {
  const c = divisor.constant;
  const leading = value.terms[0];
  if (c === undefined || leading === undefined || 2 * leading.coefficient <= c) return undefined;
  // Adding c times the monomials keeps the coefficients between 0 and c.
  const monomials = Dim.ofTerms(value.terms.filter((t) => t.monomial.degree > 0).map((t) => ({ ...t, coefficient: 1 })));
  return monomials.sub(
    monomials
      .mul(c)
      .add(c - 1)
      .sub(value)
      .floorDiv(c),
  );
}
