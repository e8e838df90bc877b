import type { Dim } from './dim.js';
import { gcd, lcm } from './integer.js';

/**
 * For each variable, a step `L` such that substituting `L*v + r` for `v` turns every floor over a literal into a polynomial, whatever the
 * residues `r`. A maximum counts like its operand, and the parts of a floor over a symbolic divisor count separately.
 */
export function periodsOf(dim: Dim): ReadonlyMap<string, number> {
  const periods = new Map<string, number>();
  collect(dim, 1, periods);
  return periods;
}

/** After the substitution, the coefficients of `dim` must be multiples of `step`. */
function collect(dim: Dim, step: number, periods: Map<string, number>): void {
  for (const { coefficient, monomial } of dim.terms) {
    const needed = step / gcd(step, coefficient);
    for (const { atom } of monomial.factors) {
      if (atom.kind === 'variable') periods.set(atom.name, lcm(periods.get(atom.name) ?? 1, needed));
      else if (atom.kind === 'max') collect(atom.value, needed, periods);
      else {
        const divisor = atom.divisor.constant;
        collect(atom.value, divisor === undefined ? 1 : divisor * needed, periods);
        if (divisor === undefined) collect(atom.divisor, 1, periods);
      }
    }
  }
}
