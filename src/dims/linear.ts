import { monomialBounds } from './bounds.js';
import { Dim } from './dim.js';
import { DimError } from './dim-error.js';
import { gcd } from './integer.js';
import type { Monomial } from './terms.js';
import { tighten } from './tighten.js';

/** The most inequalities that elimination may keep at once, and the most that it starts from. */
const MAX_ROWS = 240;
const MAX_START = 96;

/**
 * Whether no integers satisfy all of `f >= 0`, by Fourier-Motzkin elimination with every monomial as a column of its own, aided by known
 * facts about the atoms (ranges, floors between their lines, maxima above their operands) and by products of the inequalities with
 * nonnegative factors. `true` is certain; `false` says nothing.
 */
export function isInfeasible(nonNegative: readonly Dim[]): boolean {
  const first = nonNegative[0];
  if (first === undefined) return false;
  // A sum of variables is greatest where each of them is at an end of its range.
  if (nonNegative.length === 1 && isSumOfVariables(first)) return first.bounds.max < 0;
  try {
    return eliminate(withProducts(withAtoms(nonNegative)));
  } catch (e) {
    // A size beyond its limits has no answer.
    if (e instanceof DimError) return false;
    throw e;
  }
}

function isSumOfVariables({ terms }: Dim): boolean {
  return terms.every(({ monomial }) => monomial.degree === 0 || monomial.atom?.kind === 'variable');
}

/** Whether `dim >= 0` follows from `f >= 0` for all given `f`. `true` is certain; `false` says nothing. */
export function entailsNonNegative(dim: Dim, nonNegative: readonly Dim[]): boolean {
  if (dim.bounds.min >= 0) return true;
  if (dim.bounds.max < 0 && nonNegative.length === 0) return false;
  return isInfeasible([dim.neg().sub(1), ...connectedTo(dim, nonNegative)]);
}

/** The inequalities that share variables with `dim`, directly or through others. */
function connectedTo(dim: Dim, all: readonly Dim[]): readonly Dim[] {
  const names = new Set(dim.variables());
  const chosen = new Set<Dim>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const candidate of all) {
      if (chosen.has(candidate) || !overlap(candidate.variables(), names)) continue;
      chosen.add(candidate);
      for (const name of candidate.variables()) names.add(name);
      grown = true;
    }
  }
  return all.filter((candidate) => chosen.has(candidate));
}

function overlap(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const name of some) if (others.has(name)) return true;
  return false;
}

/** Adds what holds for the atoms that are factors of the terms. */
function withAtoms(rows: readonly Dim[]): Dim[] {
  const all = [...rows];
  const seen = new Set<string>();
  for (let i = 0; i < all.length && all.length < MAX_START; i++) {
    for (const atom of all[i]?.atoms() ?? []) {
      if (seen.has(atom.key)) continue;
      seen.add(atom.key);
      const self = Dim.ofAtom(atom);
      if (atom.kind === 'max') all.push(self, self.sub(atom.value));
      if (atom.kind === 'floor' && atom.divisor.bounds.min >= 1) {
        const gap = atom.value.sub(self.mul(atom.divisor));
        all.push(gap, atom.divisor.sub(1).sub(gap));
      }
      const { min, max } = self.bounds;
      if (min !== Number.NEGATIVE_INFINITY) all.push(self.sub(min));
      if (max !== Number.POSITIVE_INFINITY) all.push(Dim.of(max).sub(self));
    }
  }
  return all;
}

/** For each product among the terms, adds rows multiplied up to it. */
function withProducts(rows: readonly Dim[]): Dim[] {
  const all = [...rows];
  const products = new Map<string, Monomial>();
  for (const row of rows) for (const { monomial } of row.terms) if (monomial.degree > 1) products.set(monomial.key, monomial);
  const seen = new Set<string>();
  for (const product of products.values()) {
    for (const row of rows) {
      for (const { monomial } of row.terms) {
        if (monomial.degree === 0 || all.length >= MAX_START) continue;
        const cofactor = product.over(monomial);
        if (cofactor === undefined || cofactor.degree === 0 || monomialBounds(cofactor).min < 0) continue;
        const multiple = row.mul(Dim.ofTerms([{ coefficient: 1, monomial: cofactor }]));
        if (seen.has(multiple.key)) continue;
        seen.add(multiple.key);
        all.push(multiple);
      }
    }
    const { min, max } = monomialBounds(product);
    const self = Dim.ofTerms([{ coefficient: 1, monomial: product }]);
    if (Number.isSafeInteger(min)) all.push(self.sub(min));
    if (Number.isSafeInteger(max)) all.push(Dim.of(max).sub(self));
  }
  return all;
}

/** Eliminates column by column, the one with the fewest combinations first, until a constant row is negative or nothing is left. */
function eliminate(start: readonly Dim[]): boolean {
  let rows = distinct(start);
  for (;;) {
    if (rows.some((row) => (row.constant ?? 0) < 0)) return true;
    const column = cheapestColumn(rows);
    if (column === undefined) return false;
    const positive: (readonly [Dim, number])[] = [];
    const negative: (readonly [Dim, number])[] = [];
    const others: Dim[] = [];
    for (const row of rows) {
      const coefficient = row.terms.find((t) => t.monomial.key === column)?.coefficient ?? 0;
      if (coefficient > 0) positive.push([row, coefficient]);
      else if (coefficient < 0) negative.push([row, -coefficient]);
      else others.push(row);
    }
    if (others.length + positive.length * negative.length > MAX_ROWS) return false;
    for (const [above, a] of positive) {
      for (const [below, b] of negative) {
        const g = gcd(a, b);
        others.push(above.mul(b / g).add(below.mul(a / g)));
      }
    }
    rows = distinct(others);
  }
}

function cheapestColumn(rows: readonly Dim[]): string | undefined {
  const counts = new Map<string, { positive: number; negative: number }>();
  for (const row of rows) {
    for (const { coefficient, monomial } of row.terms) {
      if (monomial.degree === 0) continue;
      const count = counts.get(monomial.key) ?? { positive: 0, negative: 0 };
      if (coefficient > 0) count.positive++;
      else count.negative++;
      counts.set(monomial.key, count);
    }
  }
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [key, { positive, negative }] of counts) {
    if (positive * negative >= least) continue;
    least = positive * negative;
    best = key;
  }
  return best;
}

function distinct(rows: readonly Dim[]): Dim[] {
  const tightest = new Map<string, Dim>();
  for (const row of rows) {
    const tight = tighten(row);
    const key = tight.sub(tight.offset).key;
    const known = tightest.get(key);
    if (known === undefined || known.offset > tight.offset) tightest.set(key, tight);
  }
  // A row that always holds adds nothing.
  return [...tightest.values()].filter((row) => (row.constant ?? -1) < 0);
}
