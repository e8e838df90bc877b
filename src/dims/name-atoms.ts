import { Dim } from './dim.js';
import { gcd } from './integer.js';
import type { Atom, FloorAtom } from './terms.js';

/**
 * Gives every quotient by a symbolic size and every maximum a name of its own, after taking numbers out of the divisors: `floor(E/(3*s))`
 * is `floor(q/3)` with `q = floor(E/s)`. What holds for any `q` in its range holds for the quotient, and floors over literals around it can
 * then be split by residues.
 */
export class AtomNames {
  readonly #names = new Map<string, Dim>();

  /** Whether anything has been named. */
  get used(): boolean {
    return this.#names.size > 0;
  }

  /** The size with names substituted; equal atoms get equal names in all calls. */
  apply(dim: Dim): Dim {
    return dim
      .replaceOperands((operand) => this.apply(operand))
      .replaceAtoms((atom) => {
        if (atom.kind === 'max') return this.#name(atom);
        return atom.kind === 'floor' && atom.divisor.constant === undefined ? this.#unnested(atom) : undefined;
      });
  }

  #unnested({ value, divisor }: FloorAtom): Dim {
    const factor = divisor.terms.reduce((g, term) => gcd(g, term.coefficient), 0);
    if (factor === 1 || divisor.bounds.min < 1) return this.#named(value.floorDiv(divisor));
    const base = Dim.ofTerms(divisor.terms.map((t) => ({ ...t, coefficient: t.coefficient / factor })));
    return this.#named(value.floorDiv(base)).floorDiv(factor);
  }

  #named(quotient: Dim): Dim {
    return quotient.replaceAtoms((atom) => (atom.kind === 'floor' && atom.divisor.constant === undefined ? this.#name(atom) : undefined));
  }

  #name(atom: Atom): Dim {
    let name = this.#names.get(atom.key);
    if (name === undefined) {
      const { min, max } = Dim.ofAtom(atom).bounds;
      name = Dim.variable(`'named${this.#names.size + 1}`, min, max);
      this.#names.set(atom.key, name);
    }
    return name;
  }
}
