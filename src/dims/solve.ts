import type { Dim } from './dim.js';

/** `c > 0` where `size` is `c * name + rest` and `rest` is free of `name` outside `floor` and `max`; undefined where it is not of that form. */
export function slopeOf(size: Dim, name: string): number | undefined {
  let slope: number | undefined;
  for (const { coefficient, monomial } of size.terms) {
    const [only, ...others] = monomial.factors;
    if (only?.atom.kind === 'variable' && only.atom.name === name && only.power === 1 && others.length === 0) slope = coefficient;
    else if (monomial.factors.some((f) => f.atom.kind === 'variable' && f.atom.name === name)) return undefined;
  }
  return slope !== undefined && slope > 0 ? slope : undefined;
}
