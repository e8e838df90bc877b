import { type Atom, compareAtoms } from './atom.js';
import { DimLimitError } from './dim-error.js';

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
    const [a, b] = [this.factors, other.factors];
    for (let i = 0, j = 0; i < a.length || j < b.length; ) {
      const [x, y] = [a[i], b[j]];
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
    const [x, y] = [a.factors[i], b.factors[i]];
    if (x === undefined || y === undefined) break;
    const order = compareAtoms(x.atom, y.atom);
    if (order !== 0) return order;
    if (x.power !== y.power) return y.power - x.power;
  }
  return b.factors.length - a.factors.length;
}
