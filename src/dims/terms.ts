import type { Dim } from './dim.js';
import { DimLimitError } from './dim-error.js';
import { exact } from './integer.js';

/** What a size is built from, apart from integers, sums and products. Atoms with the same `key` are the same atom. */
export type Atom = VariableAtom | FloorAtom | MaxAtom;

/** A named size. Within one scope a name has one range; the range is not part of the key. */
export interface VariableAtom {
  readonly kind: 'variable';
  readonly key: string;
  readonly name: string;
  readonly min: number;
  /** `Infinity` if unbounded. */
  readonly max: number;
}

/** `floor(value / divisor)`; the divisor is a literal above 1, or symbolic with a positive leading coefficient. */
export interface FloorAtom {
  readonly kind: 'floor';
  readonly key: string;
  readonly value: Dim;
  readonly divisor: Dim;
}

/** `max(value, 0)`; the leading coefficient of `value` is positive. */
export interface MaxAtom {
  readonly kind: 'max';
  readonly key: string;
  readonly value: Dim;
}

const RANK = { variable: 0, floor: 1, max: 2 } as const;
const PLAIN_NAME = /^[\p{L}_'][\p{L}\p{N}_.']*$/u;

/** The atom of a variable that ranges over `min..max`. */
export function variableAtom(name: string, min: number, max: number): VariableAtom {
  return { kind: 'variable', key: PLAIN_NAME.test(name) ? name : JSON.stringify(name), name, min, max };
}

/** The atom `floor(value / divisor)`; `floorDiv` brings the operands into normal form first. */
export function floorAtom(value: Dim, divisor: Dim): FloorAtom {
  return { kind: 'floor', key: `floor(${value.key}/${divisor.key})`, value, divisor };
}

/** The atom `max(value, 0)`; `positivePart` brings the operand into normal form first. */
export function maxAtom(value: Dim): MaxAtom {
  return { kind: 'max', key: `max(${value.key})`, value };
}

/** Variables first, then floors, then maxima; by key within a kind. The order is total and the same on every machine. */
export function compareAtoms(a: Atom, b: Atom): number {
  if (a === b || a.key === b.key) return 0;
  return RANK[a.kind] - RANK[b.kind] || (a.key < b.key ? -1 : 1);
}

/** One atom and its power, which is at least 1. */
export interface Factor {
  readonly atom: Atom;
  readonly power: number;
}

/** The highest degree of a size: `N**16` is allowed, `N**17` is not. */
export const MAX_DEGREE = 16;

/** A product of powers of distinct atoms in atom order; the empty product is 1. */
export class Monomial {
  static readonly one = new Monomial([], 0);

  readonly factors: readonly Factor[];
  readonly degree: number;
  #key: string | undefined;

  private constructor(factors: readonly Factor[], degree: number) {
    this.factors = factors;
    this.degree = degree;
  }

  /** The monomial that is exactly this atom. */
  static of(atom: Atom): Monomial {
    return new Monomial([{ atom, power: 1 }], 1);
  }

  /** Structural: equal keys mean equal monomials. Empty for 1. */
  get key(): string {
    this.#key ??= this.factors.map(({ atom, power }) => (power === 1 ? atom.key : `${atom.key}^${power}`)).join('*');
    return this.#key;
  }

  /** The atom, if the monomial is one atom to the power 1. */
  get atom(): Atom | undefined {
    return this.degree === 1 ? this.factors[0]?.atom : undefined;
  }

  times(other: Monomial): Monomial {
    if (this.degree === 0) return other;
    if (other.degree === 0) return this;
    const degree = this.degree + other.degree;
    if (degree > MAX_DEGREE) throw new DimLimitError('dim-too-large', `this size has a degree above ${MAX_DEGREE}`);
    const merged: Factor[] = [];
    const a = this.factors;
    const b = other.factors;
    for (let i = 0, j = 0; i < a.length || j < b.length; ) {
      const x = a[i];
      const y = b[j];
      const order = x === undefined ? 1 : y === undefined ? -1 : compareAtoms(x.atom, y.atom);
      if (x !== undefined && y !== undefined && order === 0) {
        merged.push({ atom: x.atom, power: x.power + y.power });
        i++;
        j++;
      } else if (x !== undefined && order < 0) {
        merged.push(x);
        i++;
      } else if (y !== undefined) {
        merged.push(y);
        j++;
      }
    }
    return new Monomial(merged, degree);
  }

  /** `this / other` if `other` divides it, else undefined. */
  over(other: Monomial): Monomial | undefined {
    if (other.degree === 0) return this;
    if (other.degree > this.degree) return undefined;
    const left: Factor[] = [];
    let matched = 0;
    for (const factor of this.factors) {
      const divisor = other.factors[matched];
      const order = divisor === undefined ? -1 : compareAtoms(factor.atom, divisor.atom);
      if (divisor === undefined || order < 0) left.push(factor);
      else if (order > 0 || divisor.power > factor.power) return undefined;
      else {
        matched++;
        if (factor.power > divisor.power) left.push({ atom: factor.atom, power: factor.power - divisor.power });
      }
    }
    return matched === other.factors.length ? new Monomial(left, this.degree - other.degree) : undefined;
  }

  /** The greatest monomial that divides both. */
  common(other: Monomial): Monomial {
    const shared: Factor[] = [];
    let degree = 0;
    for (const { atom, power } of this.factors) {
      const match = other.factors.find((f) => f.atom.key === atom.key);
      if (match === undefined) continue;
      const least = Math.min(power, match.power);
      shared.push({ atom, power: least });
      degree += least;
    }
    return degree === 0 ? Monomial.one : new Monomial(shared, degree);
  }

  /** The part consisting of the atoms that `keep` accepts. */
  filter(keep: (atom: Atom) => boolean): Monomial {
    const factors = this.factors.filter((f) => keep(f.atom));
    if (factors.length === this.factors.length) return this;
    return new Monomial(
      factors,
      factors.reduce((sum, f) => sum + f.power, 0),
    );
  }
}

/**
 * Graded lexicographic: higher degrees come first, constants last. Multiplication preserves the order (it is a monomial order), so products
 * of a sum and a monomial need no sorting, and division by a leading term terminates.
 */
export function compareMonomials(a: Monomial, b: Monomial): number {
  if (a === b) return 0;
  if (a.degree !== b.degree) return b.degree - a.degree;
  const length = Math.min(a.factors.length, b.factors.length);
  for (let i = 0; i < length; i++) {
    const x = a.factors[i];
    const y = b.factors[i];
    if (x === undefined || y === undefined) break;
    const order = compareAtoms(x.atom, y.atom);
    if (order !== 0) return order;
    if (x.power !== y.power) return y.power - x.power;
  }
  return b.factors.length - a.factors.length;
}

/** A nonzero integer times a monomial. */
export interface Term {
  readonly coefficient: number;
  readonly monomial: Monomial;
}

/** The most terms that one size may have. */
export const MAX_TERMS = 4096;

/** The most products of terms that one multiplication may form. */
const MAX_PRODUCTS = 2 ** 18;

/** `a + scale * b`; both are sorted, and so is the sum. */
export function addTerms(a: readonly Term[], b: readonly Term[], scale = 1): Term[] {
  const sum: Term[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const x = a[i];
    const y = b[j];
    const order = x === undefined ? 1 : y === undefined ? -1 : compareMonomials(x.monomial, y.monomial);
    if (x !== undefined && y !== undefined && order === 0) {
      const coefficient = exact(x.coefficient + exact(y.coefficient * scale));
      if (coefficient !== 0) sum.push({ coefficient, monomial: x.monomial });
      i++;
      j++;
    } else if (x !== undefined && order < 0) {
      sum.push(x);
      i++;
    } else if (y !== undefined) {
      sum.push(scale === 1 ? y : { coefficient: exact(y.coefficient * scale), monomial: y.monomial });
      j++;
    }
  }
  if (sum.length > MAX_TERMS) throw tooManyTerms();
  return sum;
}

/** `factor * a` for an integer factor. */
export function scaleTerms(a: readonly Term[], factor: number): Term[] {
  if (factor === 0) return [];
  return a.map(({ coefficient, monomial }) => ({ coefficient: exact(coefficient * factor), monomial }));
}

/** `term * a`: sorted because the monomial order survives multiplication. */
export function multiplyByTerm(a: readonly Term[], term: Term): Term[] {
  return a.map(({ coefficient, monomial }) => ({
    coefficient: exact(coefficient * term.coefficient),
    monomial: monomial.times(term.monomial),
  }));
}

/** `a * b`. */
export function multiplyTerms(a: readonly Term[], b: readonly Term[]): Term[] {
  if (a.length * b.length > MAX_PRODUCTS) throw tooManyTerms();
  const [long, short] = a.length < b.length ? [b, a] : [a, b];
  const only = short[0];
  if (only !== undefined && short.length === 1) return multiplyByTerm(long, only);
  return short.reduce<Term[]>((product, term) => addTerms(product, multiplyByTerm(long, term)), []);
}

function tooManyTerms(): DimLimitError {
  return new DimLimitError('dim-too-large', `this size has more than ${MAX_TERMS} terms`);
}
