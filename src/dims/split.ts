import { Dim, operandsOf } from './dim.js';
import type { Fuel } from './fuel.js';
import { ceilDivide, floorDivide, gcd } from './integer.js';
import { isInfeasible } from './linear.js';
import { replaceDeep } from './rules.js';
import type { MaxAtom, VariableAtom } from './terms.js';

/** Whether a statement about a size holds in a part of its range: always, never, nowhere because the part is empty, or open. */
export type Verdict = 'holds' | 'fails' | 'empty' | 'open';

/** A part of the range of the variables. */
export interface Case {
  readonly dim: Dim;
  /** At least 0 in this case, in addition to the ranges of the variables. */
  readonly nonNegative: readonly Dim[];
  /** The variables outside the case in terms of those inside. */
  readonly path: ReadonlyMap<string, Dim>;
}

/** What is split first: the sign of a maximum is often obvious once the floors inside are gone, and vice versa. */
export type SplitOrder = 'signs-first' | 'residues-first';

/** How deeply cases may nest. */
const MAX_DEPTH = 24;
/** The most residues of one variable in one step. */
const MAX_RESIDUES = 4096;

/**
 * Splits a case until each part is judged: by the residues of variables under floors (`v = p*v + r` makes `floor(v/p)` a polynomial) and by
 * the sign of the operand of a maximum. Complete for sums of products of variables and floors over literals.
 */
export function judgeBySplitting(
  start: Case,
  judge: (c: Case) => Verdict,
  order: SplitOrder,
  fuel: Fuel,
  open: Case[],
  maxOpen: number,
): Verdict {
  return visit(start, 0);

  function visit(c: Case, depth: number): Verdict {
    const verdict = judge(c);
    if (verdict !== 'open') return verdict;
    const affordable = depth < MAX_DEPTH && fuel.spend(costOf(c.dim));
    // Judging whether a sign is possible at all costs more than the substitution.
    const parts = !affordable ? undefined : order === 'signs-first' ? (bySign(c) ?? byResidue(c)) : (byResidue(c) ?? bySign(c));
    if (parts === undefined) {
      open.push(c);
      return 'open';
    }
    let total: Verdict = 'empty';
    for (const part of parts) {
      const found = visit(part, depth + 1);
      if (found === 'open' && open.length >= maxOpen) return 'open';
      if (found !== 'empty') total = total === 'empty' || total === found ? found : 'open';
    }
    return total;
  }
}

function costOf(dim: Dim): number {
  let cost = 1;
  for (const { monomial } of dim.terms) {
    cost += 1;
    for (const { atom } of monomial.factors) for (const operand of operandsOf(atom)) cost += costOf(operand);
  }
  return cost;
}

/** Two cases for a maximum that contains no other. */
function bySign(c: Case): readonly Case[] | undefined {
  const atom = innermostMax(c.dim);
  if (atom === undefined) return undefined;
  const cases = [
    { replacement: atom.value, condition: atom.value },
    { replacement: Dim.zero, condition: atom.value.neg().sub(1) },
  ];
  return cases
    .filter(({ condition }) => condition.bounds.max >= 0)
    .map(({ replacement, condition }) => ({
      dim: replaceDeep(c.dim, atom, replacement),
      nonNegative: [...c.nonNegative.map((f) => replaceDeep(f, atom, replacement)), condition],
      path: c.path,
    }))
    .filter(({ nonNegative }) => !isInfeasible(nonNegative));
}

function innermostMax(dim: Dim): MaxAtom | undefined {
  for (const atom of dim.atoms()) {
    for (const operand of operandsOf(atom)) {
      const inner = innermostMax(operand);
      if (inner !== undefined) return inner;
    }
    if (atom.kind === 'max') return atom;
  }
  return undefined;
}

/**
 * One case for each residue of one variable under an innermost floor, modulo a prime of the floor's divisor. Each such step removes the
 * prime from the divisor for that variable, so the floors disappear from the inside out.
 */
function byResidue(c: Case): readonly Case[] | undefined {
  const next = nextResidue(c.dim);
  if (next === undefined) return undefined;
  const { variable, modulus } = next;
  const cases: Case[] = [];
  for (let r = 0; r < modulus; r++) {
    const min = ceilDivide(variable.min - r, modulus);
    const max = Number.isFinite(variable.max) ? floorDivide(variable.max - r, modulus) : variable.max;
    if (min > max) continue;
    const value = min === max ? Dim.of(min * modulus + r) : Dim.variable(variable.name, min, max).mul(modulus).add(r);
    const step = new Map([[variable.name, value]]);
    const path = new Map([...c.path].map(([outer, dim]) => [outer, dim.substitute(step)]));
    if (!path.has(variable.name)) path.set(variable.name, value);
    cases.push({ dim: c.dim.substitute(step), nonNegative: c.nonNegative.map((f) => f.substitute(step)), path });
  }
  return cases;
}

/** A variable under a floor over a literal that has no such variable further inside, and a prime of the divisor for that variable. */
function nextResidue(dim: Dim): { readonly variable: VariableAtom; readonly modulus: number } | undefined {
  for (const atom of dim.atoms()) {
    for (const operand of operandsOf(atom)) {
      const inner = nextResidue(operand);
      if (inner !== undefined) return inner;
    }
    const divisor = atom.kind === 'floor' ? atom.divisor.constant : undefined;
    if (atom.kind !== 'floor' || divisor === undefined) continue;
    for (const { coefficient, monomial } of atom.value.terms) {
      const variable = monomial.factors.find((f) => f.atom.kind === 'variable')?.atom;
      if (variable?.kind !== 'variable') continue;
      const modulus = smallestPrime(divisor / gcd(divisor, coefficient));
      if (modulus <= MAX_RESIDUES) return { variable, modulus };
    }
  }
  return undefined;
}

function smallestPrime(n: number): number {
  for (let p = 2; p * p <= n; p++) if (n % p === 0) return p;
  return n;
}
