import { Dim } from '../dims/dim.js';
import { DimError } from '../dims/dim-error.js';
import type { Fact } from '../dims/fact.js';

/** A size in a shorter form that is equal under the facts of the model: with `H % 4 == 0`, `2*(H // 2)` is `H`. */
export function simplerSize(size: Dim, facts: readonly Fact[]): Dim {
  if (size.constant !== undefined || size.variableName !== undefined) return size;
  let best = size;
  for (const fact of facts) {
    if (fact.kind !== 'divides') continue;
    const [name, divisor] = [fact.value.variableName, fact.divisor.constant];
    if (name === undefined || divisor === undefined || !size.variables().has(name)) continue;
    const other = withDivisible(best, name, divisor);
    if (other !== undefined && String(other).length < String(best).length) best = other;
  }
  return best;
}

/** A size that is a multiple or a part of one name, which `divisor` divides. */
function withDivisible(size: Dim, name: string, divisor: number): Dim | undefined {
  try {
    const part = Dim.variable(name);
    const inParts = size.substitute(new Map([[name, part.mul(divisor)]]));
    const [term, ...others] = inParts.terms;
    const factor = term?.monomial.factors[0];
    if (term === undefined || others.length > 0 || term.monomial.factors.length !== 1 || factor?.power !== 1) return undefined;
    if (factor.atom.kind !== 'variable' || term.coefficient < 1) return undefined;
    // `term.coefficient` parts of `divisor` in all.
    if (term.coefficient % divisor === 0) return part.mul(term.coefficient / divisor);
    return divisor % term.coefficient === 0 ? part.floorDiv(divisor / term.coefficient) : undefined;
  } catch (error) {
    if (error instanceof DimError) return undefined;
    throw error;
  }
}
