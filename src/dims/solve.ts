import { Dim, DimError } from './dim.js';

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

/**
 * The value of `name` for which `size` is `wanted`, rounded down where it does not divide: who asks has to compare `size` with `wanted` afterwards.
 * Undefined where `size` is not linear in `name`.
 */
export function solvedFor(name: string, size: Dim, wanted: Dim): Dim | undefined {
  try {
    const at = (value: number): Dim => size.substitute(new Map([[name, Dim.of(value)]]));
    const slope = at(2).sub(at(1));
    const rest = at(1).sub(slope);
    const isLinear = slope.mul(Dim.variable(name)).add(rest).equals(size);
    if (!isLinear || slope.constant === 0) return undefined;
    const isFalling = slope.constant !== undefined && slope.constant < 0;
    return isFalling ? rest.sub(wanted).floorDiv(slope.neg()) : wanted.sub(rest).floorDiv(slope);
  } catch (error) {
    if (error instanceof DimError) return undefined;
    throw error;
  }
}
