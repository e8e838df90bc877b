import { Dim } from './dim.js';
import type { Fact } from './facts.js';
import { exact, floorDivide, floorModulo, gcd, inverseModulo } from './integer.js';

/** Facts in the form that decisions use. */
export interface Knowledge {
  /** Substitutes what the facts determine and narrows the ranges of the other variables. */
  apply(dim: Dim): Dim;
  /** Sizes that are at least 0, after `apply`. */
  readonly nonNegative: readonly Dim[];
  readonly contradictory: boolean;
}

/** Works the facts into substitutions, ranges and inequalities. */
export function learn(facts: readonly Fact[]): Knowledge {
  const learner = new Learner();
  for (const fact of facts) if (fact.kind === 'equal') learner.equal(fact.left, fact.right);
  for (const fact of facts) if (fact.kind === 'divides') learner.divides(fact.divisor, fact.value);
  for (const fact of facts) if (fact.kind === 'at-least') learner.atLeast(fact.left, fact.right);
  return learner;
}

class Learner implements Knowledge {
  contradictory = false;
  nonNegative: Dim[] = [];
  #substitution = new Map<string, Dim>();
  #fresh = 0;

  apply(dim: Dim): Dim {
    return dim.substitute(this.#substitution);
  }

  equal(left: Dim, right: Dim): void {
    const d = this.apply(left.sub(right));
    if (d.constant !== undefined) {
      this.contradictory ||= d.constant !== 0;
      return;
    }
    for (const { coefficient, monomial } of d.terms) {
      const atom = monomial.atom;
      if (atom?.kind !== 'variable' || Math.abs(coefficient) !== 1) continue;
      const rest = d.sub(Dim.ofAtom(atom).mul(coefficient)).mul(-coefficient);
      if (rest.variables().has(atom.name)) continue;
      this.#substitute(atom.name, rest);
      return;
    }
  }

  divides(divisor: Dim, value: Dim): void {
    const c = this.apply(divisor);
    const d = this.apply(value);
    for (const { coefficient, monomial } of d.terms) {
      const atom = monomial.atom;
      if (atom?.kind !== 'variable' || c.variables().has(atom.name)) continue;
      const rest = d.sub(Dim.ofAtom(atom).mul(coefficient));
      if (rest.variables().has(atom.name)) continue;
      const name = `${atom.name}'${++this.#fresh}`;
      if (c.constant === undefined) {
        if (Math.abs(coefficient) !== 1) continue;
        this.#substitute(atom.name, c.mul(Dim.variable(name)).sub(rest.mul(coefficient)));
        return;
      }
      if (rest.constant === undefined) continue;
      const g = gcd(coefficient, c.constant);
      if (rest.constant % g !== 0) {
        this.contradictory = true;
        return;
      }
      const step = c.constant / g;
      const inverse = inverseModulo(coefficient / g, step) ?? 0;
      const residue = floorModulo(exact(-(rest.constant / g) * inverse), step);
      const least = -floorDivide(residue - atom.min, step);
      this.#substitute(atom.name, Dim.variable(name, least).mul(step).add(residue));
      return;
    }
  }

  atLeast(left: Dim, right: Dim): void {
    const d = this.apply(left.sub(right));
    if (d.bounds.max < 0) this.contradictory = true;
    else if (d.bounds.min < 0) this.nonNegative.push(d);
  }

  #substitute(name: string, value: Dim): void {
    const step = new Map([[name, value]]);
    for (const [other, old] of this.#substitution) this.#substitution.set(other, old.substitute(step));
    this.#substitution.set(name, value);
  }
}
