import type { Atom } from './atom.js';
import type { Dim } from './dim.js';

/** A closed interval; `-Infinity` and `Infinity` where nothing is known. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

const UNBOUNDED: Bounds = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };

/** Interval arithmetic over the ranges of the variables: sound, and blind to what terms have in common. */
export function boundsOf(dim: Dim): Bounds {
  let min = 0;
  let max = 0;
  for (const { coefficient, monomial } of dim.terms) {
    let product: Bounds = { min: coefficient, max: coefficient };
    for (const { atom, power } of monomial.factors) product = multiply(product, raise(atomBounds(atom), power));
    min += product.min;
    max += product.max;
  }
  return settle(min, max);
}

/** The values an atom may take. */
export function atomBounds(atom: Atom): Bounds {
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
  const products = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max].map((x) => (Number.isNaN(x) ? 0 : x));
  return { min: Math.min(...products), max: Math.max(...products) };
}

/** Of `floor(a / b)`. */
function divide(a: Bounds, b: Bounds): Bounds {
  if (b.min < 1) return UNBOUNDED;
  const quotients = [a.min / b.min, a.min / b.max, a.max / b.min, a.max / b.max].map((x) => (Number.isNaN(x) ? 0 : Math.floor(x)));
  // A negative numerator over an unbounded divisor is -1 at most, never 0.
  const max = a.max < 0 ? Math.min(-1, Math.max(...quotients)) : Math.max(...quotients);
  const min = Math.min(...quotients, ...(a.min < 0 ? [-1] : []));
  return settle(min, max);
}

/** Ends beyond 2^53 may have been rounded, so they count as unknown. */
function settle(min: number, max: number): Bounds {
  return {
    min: Number.isSafeInteger(min) ? min : Number.NEGATIVE_INFINITY,
    max: Number.isSafeInteger(max) ? max : Number.POSITIVE_INFINITY,
  };
}
