import { Dim } from './dim.js';
import type { Facts } from './facts.js';
import type { Quotient } from './knowledge.js';

/**
 * Sizes in terms of the variables that facts leave open. Where `H % 32 == 0`, `H` is `32*h`, so that `(H + 1) // 2` is `16*h`, and `2*((H + 1) // 2) - H` is the number 0. Whatever arithmetic computes
 * from sizes in these terms is in these terms, too.
 */
export class KnownSizes {
  /** The facts themselves, in these terms. */
  readonly facts: Facts;
  readonly #substitute: (size: Dim) => Dim;
  readonly #quotients: readonly Quotient[];

  constructor(facts: Facts) {
    const { knowledge } = facts;
    // Contradictory facts say nothing about sizes.
    this.#substitute = knowledge.contradictory ? (size) => size : (size) => knowledge.substitute(size);
    const quotients: Quotient[] = [];
    for (const { name, value, divisor } of knowledge.quotients) {
      const written = (size: Dim) => writtenWith(quotients, size);
      quotients.unshift({ name, value: value.replaceOperands(written), divisor: divisor.replaceOperands(written) });
    }
    this.#quotients = quotients;
    this.facts = facts.map(this.#substitute);
  }

  /** Rewrites a size of the model in these terms. */
  known(size: Dim): Dim {
    return this.#substitute(size);
  }

  /** Rewrites a size in these terms in the names of the model: `H // 2` for `16*h`. */
  written(size: Dim): Dim {
    return writtenWith(this.#quotients, size);
  }
}

/** Replaces variables by their quotients. The last ones made come first in `quotients`, since the earlier ones may occur in them. */
function writtenWith(quotients: readonly Quotient[], size: Dim): Dim {
  let numerator = size.replaceOperands((operand) => writtenWith(quotients, operand));
  let denominator = Dim.one;
  for (const { name, value, divisor } of quotients) {
    const powerIn = ({ monomial }: Dim['terms'][number]) =>
      monomial.factors.find(({ atom }) => atom.kind === 'variable' && atom.name === name)?.power ?? 0;
    const highest = numerator.terms.reduce((most, term) => Math.max(most, powerIn(term)), 0);
    if (highest === 0) continue;
    // The sum of c*rest*q^p equals that of c*rest*value^p*divisor^(highest - p), divided by divisor^highest.
    let sum = Dim.zero;
    for (const term of numerator.terms) {
      const power = powerIn(term);
      const rest = term.monomial.filter((atom) => atom.kind !== 'variable' || atom.name !== name);
      const factor = Dim.ofTerms([{ coefficient: term.coefficient, monomial: rest }]);
      sum = sum.add(factor.mul(value.pow(power)).mul(divisor.pow(highest - power)));
    }
    numerator = sum;
    denominator = denominator.mul(divisor.pow(highest));
  }
  const quotient = numerator.floorDiv(denominator);
  // The divisor of a quotient may contain other variables of this kind.
  return quotients.some(({ name }) => quotient.variables().has(name)) ? writtenWith(quotients, quotient) : quotient;
}
