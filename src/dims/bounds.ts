import type { Dim } from './dim.js';
import { DimError } from './dim-error.js';
import { exact, gcd, lcm } from './integer.js';
import type { Atom, FloorAtom, Monomial, Term } from './terms.js';

/** A closed interval; `-Infinity` and `Infinity` if nothing is known. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

const ONE: Bounds = { min: 1, max: 1 };
const UNBOUNDED: Bounds = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };

/**
 * The least and greatest values of a size, as far as two methods determine them: interval arithmetic over the ranges of the variables, and
 * the same after replacing floors by the lines above and below them, which finds that `H - 2*floor(H/2)` is 0 or 1.
 */
export function boundsOf(dim: Dim): Bounds {
  const interval = intervalOf(dim.terms);
  if (interval.min !== Number.NEGATIVE_INFINITY && interval.max !== Number.POSITIVE_INFINITY) return interval;
  const floors = dim.terms.map(floorIn);
  if (floors.every((floor) => floor === undefined)) return interval;
  try {
    return { min: Math.max(interval.min, relaxedMin(dim, floors)), max: Math.min(interval.max, -relaxedMin(dim.neg(), floors)) };
  } catch (e) {
    if (e instanceof DimError) return interval;
    throw e;
  }
}

/** Whether the bounds, or a common factor that the constant term lacks (`2*E + 1`), rule out that the size is 0. */
export function isNeverZero(dim: Dim): boolean {
  if (dim.bounds.min > 0 || dim.bounds.max < 0) return true;
  const factor = headFactor(dim);
  return factor > 1 && dim.offset % factor !== 0;
}

/** The greatest common divisor of all coefficients except the constant; 0 for a constant. */
export function headFactor(dim: Dim): number {
  let factor = 0;
  for (const { coefficient, monomial } of dim.terms) if (monomial.degree > 0) factor = gcd(factor, coefficient);
  return factor;
}

function intervalOf(terms: readonly Term[]): Bounds {
  let min = 0;
  let max = 0;
  for (const { coefficient, monomial } of terms) {
    const { atom } = monomial;
    const { min: low, max: high } = atom?.kind === 'variable' ? atom : monomialBounds(monomial);
    min += coefficient > 0 ? coefficient * low : coefficient * high;
    max += coefficient > 0 ? coefficient * high : coefficient * low;
  }
  return settle(min, max);
}

/** The values a product of atoms may take. */
export function monomialBounds(monomial: Monomial): Bounds {
  let product: Bounds = ONE;
  for (const { atom, power } of monomial.factors) {
    const bounds = raise(atomBounds(atom), power);
    product = product === ONE ? bounds : multiply(product, bounds);
  }
  return product;
}

function atomBounds(atom: Atom): Bounds {
  if (atom.kind === 'variable') return atom;
  const value = atom.value.bounds;
  if (atom.kind === 'max') return { min: Math.max(0, value.min), max: Math.max(0, value.max) };
  return divide(value, atom.divisor.bounds);
}

function raise(base: Bounds, power: number): Bounds {
  let result = base;
  for (let i = 1; i < power; i++) result = multiply(result, base);
  return power % 2 === 0 && result.min < 0 ? { min: 0, max: result.max } : result;
}

function multiply(a: Bounds, b: Bounds): Bounds {
  if (a.min >= 0 && b.min >= 0) return { min: a.min * b.min, max: a.max === 0 || b.max === 0 ? 0 : a.max * b.max };
  // 0 * Infinity is 0 here: the bound is never reached.
  const products = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max].map((x) => (Number.isNaN(x) ? 0 : x));
  return { min: Math.min(...products), max: Math.max(...products) };
}

/** The bounds of `floor(a / b)`. */
function divide(a: Bounds, b: Bounds): Bounds {
  if (b.min < 1) return UNBOUNDED;
  const quotients = [a.min / b.min, a.min / b.max, a.max / b.min, a.max / b.max].map((x) => (Number.isNaN(x) ? 0 : Math.floor(x)));
  // A negative number over an unbounded divisor is at most -1, never 0.
  const max = a.max < 0 ? Math.min(-1, Math.max(...quotients)) : Math.max(...quotients);
  return settle(Math.min(...quotients, ...(a.min < 0 ? [-1] : [])), max);
}

/** Ends beyond 2^53 may have been rounded, so they count as unknown. */
function settle(min: number, max: number): Bounds {
  return {
    min: Number.isSafeInteger(min) ? min + 0 : Number.NEGATIVE_INFINITY,
    max: Number.isSafeInteger(max) ? max + 0 : Number.POSITIVE_INFINITY,
  };
}

interface FloorFactor {
  readonly atom: FloorAtom;
  readonly divisor: number;
  /** The other factors of its monomial, never negative. */
  readonly cofactor: Monomial;
}

/** The floor over a literal in which the term is linear. */
function floorIn({ monomial }: Term): FloorFactor | undefined {
  for (const { atom, power } of monomial.factors) {
    const divisor = atom.kind === 'floor' ? atom.divisor.constant : undefined;
    if (atom.kind !== 'floor' || divisor === undefined || power !== 1) continue;
    const cofactor = monomial.filter((other) => other !== atom);
    if (monomialBounds(cofactor).min >= 0) return { atom, divisor, cofactor };
  }
  return undefined;
}

/** With `E - c + 1 <= c*floor(E/c) <= E`: a lower bound of `scale * dim` without the floors, over `scale`. */
function relaxedMin(dim: Dim, floors: readonly (FloorFactor | undefined)[]): number {
  let scale = 1;
  dim.terms.forEach(({ coefficient }, i) => {
    const divisor = floors[i]?.divisor;
    if (divisor !== undefined) scale = lcm(scale, divisor / gcd(divisor, coefficient));
  });
  let low = dim.withConstant(0);
  dim.terms.forEach((term, i) => {
    const floor = floors[i];
    const factor = exact(term.coefficient * scale);
    if (floor === undefined) {
      low = low.add(dim.withTerms([{ coefficient: factor, monomial: term.monomial }]));
      return;
    }
    const line = factor > 0 ? floor.atom.value.sub(floor.divisor - 1) : floor.atom.value;
    low = low.add(line.mul(dim.withTerms([{ coefficient: factor / floor.divisor, monomial: floor.cofactor }])));
  });
  return Math.ceil(low.bounds.min / scale) + 0;
}
