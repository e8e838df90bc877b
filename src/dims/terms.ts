import { DimLimitError } from './dim-error.js';
import { exact } from './integer.js';
import { compareMonomials, type Monomial } from './monomial.js';

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
    const [x, y] = [a[i], b[j]];
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
  const [only] = short;
  if (only !== undefined && short.length === 1) return multiplyByTerm(long, only);
  return short.reduce<Term[]>((product, term) => addTerms(product, multiplyByTerm(long, term)), []);
}

function tooManyTerms(): DimLimitError {
  return new DimLimitError('dim-too-large', `this size has more than ${MAX_TERMS} terms`);
}
