import { headFactor, isNeverZero } from './bounds.js';
import { Dim, operandsOf } from './dim.js';
import { DimError } from './dim-error.js';
import type { Fact } from './fact.js';
import { ceilDivide, exact, floorDivide, floorModulo, gcd, inverseModulo } from './integer.js';
import { isInfeasible } from './linear.js';
import { applyRules, type Rule, ruleFrom } from './rules.js';
import type { Term, VariableAtom } from './terms.js';
import { tighten } from './tighten.js';

/** Facts in the form that decisions use. */
export interface Knowledge {
  /** Substitutes what the facts determine and narrows the ranges of the other variables; equal wherever the facts hold. */
  apply(dim: Dim): Dim;
  /** The part of `apply` that keeps products as they are: rewriting `heads*d` to `64*t` hides that it is a multiple of `heads`. */
  substitute(dim: Dim): Dim;
  /** The quotients that the variables introduced by `substitute` stand for, each in terms of earlier ones. */
  readonly quotients: readonly Quotient[];
  /** Sizes that are at least 0, after `apply`. */
  readonly nonNegative: readonly Dim[];
  readonly contradictory: boolean;
}

/** A variable that is not in the source, and the exact quotient that it stands for: `h` for `H / 32` if `H` is a multiple of 32. */
export interface Quotient {
  readonly name: string;
  readonly value: Dim;
  readonly divisor: Dim;
}

/** How often facts are revisited after others have narrowed their variables. */
const MAX_ROUNDS = 6;

/**
 * Turns facts into substitutions, ranges, rewrite rules and inequalities. Equalities come first, and divisibility by a size comes before
 * divisibility by a number, because `D := heads*d` says more than `D := 64*d`.
 */
export function learn(facts: readonly Fact[]): Knowledge {
  const learner = new Learner();
  const isSymbolic = (fact: Fact): boolean => fact.kind === 'divides' && fact.divisor.constant === undefined;
  for (const fact of facts) if (fact.kind === 'equal') learner.attempt(() => learner.equal(fact.left, fact.right));
  for (const fact of facts)
    if (fact.kind === 'divides' && isSymbolic(fact)) learner.attempt(() => learner.divides(fact.divisor, fact.value));
  for (const fact of facts)
    if (fact.kind === 'divides' && !isSymbolic(fact)) learner.attempt(() => learner.divides(fact.divisor, fact.value));
  for (const fact of facts) if (fact.kind === 'at-least') learner.attempt(() => learner.atLeast(fact.left, fact.right));
  learner.settle();
  return learner;
}

class Learner implements Knowledge {
  contradictory = false;
  nonNegative: Dim[] = [];
  readonly quotients: Quotient[] = [];
  readonly #substitution = new Map<string, Dim>();
  #zeros: Dim[] = [];
  #rules: Rule[] = [];
  /** Counts substitutions and narrowings. */
  #version = 0;

  apply(dim: Dim): Dim {
    try {
      return applyRules(this.substitute(dim), this.#rules);
    } catch (e) {
      if (e instanceof DimError) return this.substitute(dim);
      throw e;
    }
  }

  substitute(dim: Dim): Dim {
    try {
      return dim.substitute(this.#substitution);
    } catch (e) {
      // Too large after substitution: the size itself is equally valid.
      if (e instanceof DimError) return dim;
      throw e;
    }
  }

  /** A fact that exceeds the limits on the way adds nothing. */
  attempt(step: () => void): void {
    try {
      step();
    } catch (e) {
      if (!(e instanceof DimError)) throw e;
    }
  }

  equal(left: Dim, right: Dim): void {
    this.#zero(this.apply(left.sub(right)), 0);
  }

  divides(divisor: Dim, value: Dim): void {
    const by = this.apply(divisor);
    if (by.constant === undefined) this.#multipleOfDim(by, this.apply(value));
    else this.#multiple(Math.abs(by.constant), this.apply(value), 0);
  }

  atLeast(left: Dim, right: Dim): void {
    this.#atLeastZero(this.apply(left.sub(right)));
  }

  /** Revisits everything until nothing changes. */
  settle(): void {
    for (let round = 0; round < MAX_ROUNDS && !this.contradictory; round++) {
      const version = this.#version;
      const zeros = this.#zeros;
      const nonNegative = this.nonNegative;
      this.#zeros = [];
      this.#rules = [];
      this.nonNegative = [];
      for (const zero of zeros) this.attempt(() => this.#zero(this.apply(zero), 0));
      for (const dim of nonNegative) this.attempt(() => this.#atLeastZero(this.apply(dim)));
      if (version === this.#version) break;
    }
    if (this.nonNegative.length > 0 && !this.contradictory) this.contradictory = isInfeasible(this.nonNegative);
  }

  /** Learns `dim == 0`. */
  #zero(equation: Dim, depth: number): void {
    const dim = withoutPositiveFactors(equation);
    if (dim.terms.length === 0) return;
    const factor = headFactor(dim);
    if (isNeverZero(dim)) {
      this.contradictory = true;
      return;
    }
    const d = factor > 1 ? Dim.ofTerms(dim.terms.map((t) => ({ ...t, coefficient: t.coefficient / factor }))) : dim;
    if (this.#solveFor(d, depth)) return;
    this.#zeros.push(d);
    for (const { coefficient, monomial } of d.terms) {
      const atom = monomial.atom;
      const c = atom?.kind === 'floor' ? atom.divisor.constant : undefined;
      if (atom?.kind !== 'floor' || c === undefined || Math.abs(coefficient) !== 1) continue;
      const quotient = d.sub(Dim.ofAtom(atom).mul(coefficient)).mul(-coefficient);
      const remainder = atom.value.sub(quotient.mul(c));
      this.#atLeastZero(remainder);
      this.#atLeastZero(Dim.of(c - 1).sub(remainder));
      break;
    }
    const rule = ruleFrom(d);
    if (rule !== undefined) this.#rules.push(rule);
  }

  /** Substitutes a variable that `d == 0` determines. */
  #solveFor(d: Dim, depth: number): boolean {
    const candidates = loneVariables(d);
    const units = candidates.filter((c) => Math.abs(c.coefficient) === 1);
    // A solution without minus signs keeps its variable positive automatically.
    const best = units.find(({ rest, coefficient }) => rest.terms.every((t) => t.coefficient < 0 === coefficient > 0)) ?? units[0];
    if (best !== undefined) {
      this.#substitute(best.atom, best.rest.mul(-best.coefficient));
      return true;
    }
    const version = this.#version;
    for (const { coefficient, rest } of depth < 8 ? candidates : []) {
      this.#multiple(Math.abs(coefficient), rest, depth + 1, true);
      if (version === this.#version) continue;
      this.#zero(this.apply(d), depth + 1);
      return true;
    }
    return false;
  }

  /** Learns `dim % by == 0` for a literal. */
  #multiple(by: number, dim: Dim, depth: number, onlySubstitute = false): void {
    if (by === 0) {
      this.contradictory = true;
      return;
    }
    const remainder = reduce(dim, by);
    const shared = gcd(headFactor(remainder), by);
    if (remainder.offset % shared !== 0) {
      this.contradictory = true;
      return;
    }
    if (remainder.constant !== undefined) return;
    const d = Dim.ofTerms(remainder.terms.map((t) => ({ ...t, coefficient: t.coefficient / shared })));
    const c = by / shared;
    const candidates = loneVariables(d);
    for (const { atom, coefficient, rest } of candidates) {
      const inverse = inverseModulo(coefficient, c);
      if (inverse === undefined) continue;
      // atom = c*fresh - inverse*rest
      const shift = reduce(rest.mul(inverse), c).neg();
      const least = atom.min - shift.bounds.max;
      const most = atom.max - shift.bounds.min;
      const quotient = { name: atom.name, value: Dim.ofAtom(atom).sub(shift), divisor: Dim.of(c) };
      this.#substitute(atom, this.#fresh(quotient, ceilDivide(least, c), floorEnd(most, c)).mul(c).add(shift));
      return;
    }
    const version = this.#version;
    for (const { coefficient, rest } of depth < 8 ? candidates : []) {
      this.#multiple(gcd(coefficient, c), rest, depth + 1, true);
      if (version === this.#version) continue;
      this.#multiple(c, this.apply(d), depth + 1, onlySubstitute);
      return;
    }
    if (onlySubstitute) return;
    const { min, max } = d.bounds;
    const quotient = this.#fresh({ name: '', value: d, divisor: Dim.of(c) }, ceilDivide(min, c), floorEnd(max, c));
    this.#zero(d.sub(quotient.mul(c)), depth + 1);
  }

  /** Learns `dim % by == 0` for a symbolic divisor. */
  #multipleOfDim(by: Dim, dim: Dim): void {
    if (by.bounds.min >= 1 && dim.bounds.min >= 1) this.#atLeastZero(dim.sub(by));
    const remainder = dim.mod(by);
    const { min, max } = remainder.bounds;
    if (min > 0 && max < by.bounds.min) {
      this.contradictory = true;
      return;
    }
    for (const { atom, coefficient, rest } of loneVariables(dim)) {
      if (Math.abs(coefficient) !== 1 || by.variables().has(atom.name) || by.bounds.min < 1) continue;
      // atom = by*fresh - coefficient*rest
      const total = Dim.ofAtom(atom).add(rest.mul(coefficient));
      const least = total.bounds.min >= 1 ? 1 : Math.min(total.bounds.min, 0);
      const most = total.bounds.max >= 0 ? floorEnd(total.bounds.max, by.bounds.min) : -1;
      const fresh = this.#fresh({ name: atom.name, value: total, divisor: by }, least, most);
      this.#substitute(atom, by.mul(fresh).sub(rest.mul(coefficient)));
      return;
    }
    this.#zero(remainder, 0);
  }

  /** Learns `dim >= 0`. */
  #atLeastZero(inequality: Dim): void {
    const dim = withoutPositiveFactors(inequality);
    const { min, max } = dim.bounds;
    if (min >= 0) return;
    if (max < 0) {
      this.contradictory = true;
      return;
    }
    const d = tighten(dim);
    this.nonNegative.push(d);
    for (const { atom, coefficient, rest } of loneVariables(d)) {
      const most = rest.bounds.max;
      if (most === Number.POSITIVE_INFINITY) continue;
      if (coefficient > 0) this.#narrow(atom, ceilDivide(-most, coefficient), Number.POSITIVE_INFINITY);
      else this.#narrow(atom, Number.NEGATIVE_INFINITY, floorEnd(most, -coefficient));
    }
    const only = d.terms.filter((t) => t.monomial.degree > 0);
    const first = only[0];
    const atom = only.length === 1 ? first?.monomial.atom : undefined;
    if (first === undefined || atom === undefined || atom.kind === 'variable') return;
    // coefficient*atom + offset >= 0 bounds the atom, which bounds its contents.
    const limit = first.coefficient > 0 ? ceilDivide(-d.offset, first.coefficient) : floorDivide(d.offset, -first.coefficient);
    if (atom.kind === 'max') {
      if (first.coefficient < 0) this.#atLeastZero(Dim.of(limit).sub(atom.value));
      else if (limit > 0) this.#atLeastZero(atom.value.sub(limit));
    } else if (atom.divisor.bounds.min >= 1) {
      if (first.coefficient > 0) this.#atLeastZero(atom.value.sub(atom.divisor.mul(limit)));
      else
        this.#atLeastZero(
          atom.divisor
            .mul(limit + 1)
            .sub(1)
            .sub(atom.value),
        );
    }
  }

  #narrow(atom: VariableAtom, min: number, max: number): void {
    const low = Math.max(atom.min, min);
    const high = Math.min(atom.max, max);
    if (low > high) this.contradictory = true;
    if (low > high || (low === atom.min && high === atom.max)) return;
    this.#replace(atom.name, low === high ? Dim.of(low) : Dim.variable(atom.name, low, high));
  }

  /** From here on, `atom` is `value`, which stays in the range of `atom`. */
  #substitute(atom: VariableAtom, value: Dim): void {
    this.#replace(atom.name, value);
    if (atom.min !== Number.NEGATIVE_INFINITY) this.#atLeastZero(value.sub(atom.min));
    if (atom.max !== Number.POSITIVE_INFINITY) this.#atLeastZero(Dim.of(atom.max).sub(value));
  }

  #replace(name: string, value: Dim): void {
    const step = new Map([[name, value]]);
    const updated = [...this.#substitution].map(([other, old]) => [other, old.substitute(step)] as const);
    for (const [other, dim] of updated) this.#substitution.set(other, dim);
    if (!this.#substitution.has(name)) this.#substitution.set(name, value);
    this.#version++;
  }

  /** Makes a variable for an exact quotient; `name` is the beginning of its name. */
  #fresh({ name, value, divisor }: Quotient, min: number, max: number): Dim {
    if (min > max) this.contradictory = true;
    const made = `${name}'${this.quotients.length + 1}`;
    this.quotients.push({ name: made, value, divisor });
    return Dim.variable(made, min, max);
  }
}

interface LoneVariable {
  readonly atom: VariableAtom;
  readonly coefficient: number;
  /** The rest without the term; the variable does not occur in it. */
  readonly rest: Dim;
}

/** The variables in which `d` is linear, with a numeric coefficient. */
function loneVariables(d: Dim): readonly LoneVariable[] {
  const found: LoneVariable[] = [];
  for (const term of d.terms) {
    const atom = term.monomial.atom;
    if (atom?.kind !== 'variable') continue;
    if (d.terms.some((other) => other !== term && mentions(other, atom.name))) continue;
    found.push({ atom, coefficient: term.coefficient, rest: Dim.ofTerms(d.terms.filter((other) => other !== term)) });
  }
  return found;
}

function mentions({ monomial }: Term, name: string): boolean {
  return monomial.factors.some(({ atom }) =>
    atom.kind === 'variable' ? atom.name === name : operandsOf(atom).some((operand) => operand.variables().has(name)),
  );
}

/** `N*T - N*S` has the sign of `T - S` if `N` is at least 1. */
function withoutPositiveFactors(dim: Dim): Dim {
  const first = dim.terms[0];
  if (first === undefined) return dim;
  let shared = first.monomial.filter((atom) => atom.kind === 'variable' && atom.min >= 1);
  for (const term of dim.terms) if (shared.degree > 0 && term !== first) shared = shared.common(term.monomial);
  if (shared.degree === 0) return dim;
  return Dim.ofTerms(dim.terms.map(({ coefficient, monomial }) => ({ coefficient, monomial: monomial.over(shared) ?? monomial })));
}

/** All coefficients reduced to `[0, c)`: congruent modulo `c`. */
function reduce(dim: Dim, c: number): Dim {
  return Dim.ofTerms(dim.terms.map((t) => ({ ...t, coefficient: floorModulo(t.coefficient, c) })).filter((t) => t.coefficient !== 0));
}

function floorEnd(end: number, c: number): number {
  return Number.isFinite(end) ? floorDivide(exact(end), c) : end;
}
