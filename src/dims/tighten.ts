import { headFactor } from './bounds.js';
import { Dim } from './dim.js';
import { floorDivide } from './integer.js';

/** Tightened to integers: `g*E + k >= 0` becomes `E + floor(k/g) >= 0`. */
export function tighten(row: Dim): Dim {
  const factor = headFactor(row);
  if (factor <= 1) return row;
  const head = row.terms
    .filter((t) => t.monomial.degree > 0)
    .map(({ coefficient, monomial }) => ({ coefficient: coefficient / factor, monomial }));
  return Dim.ofTerms(head).add(floorDivide(row.offset, factor));
}
