import { decideFact } from '../../dims/decide.js';
import type { Fact } from '../../dims/fact.js';
import type { Facts } from '../../dims/facts.js';

/** A condition on hyperparameters and optional inputs. `opaque` may be true or false: nothing is concluded from it. */
export type Formula =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'opaque' }
  | { readonly kind: 'atom'; readonly atom: Atom }
  | { readonly kind: 'not'; readonly of: Formula }
  | { readonly kind: 'and'; readonly all: readonly Formula[] };

/** Something that is either true or false for one use of a declaration. */
interface Atom {
  readonly key: string;
  /** As written: `deep`, `k > 1`, `mask?`. */
  readonly text: string;
  /** For `pool == "mean"`, the name: at most one of the atoms with the same name is true. */
  readonly choice?: string;
  /** For `p > 0.5`, where `p` is a float: what the two are. */
  readonly compares?: Comparison;
  readonly whenTrue?: readonly Fact[];
  readonly whenFalse?: readonly Fact[];
}

/** Compares a float hyperparameter with a number. */
export interface Comparison {
  readonly name: string;
  readonly op: '==' | '>' | '>=';
  readonly value: number;
}

export const never: Formula = { kind: 'constant', value: false };
export const always: Formula = { kind: 'constant', value: true };

/** More atoms than this are not tried: conditions with more are left to the uses. */
const MAX_ATOMS = 8;

export function negation(of: Formula): Formula {
  return of.kind === 'not' ? of.of : of.kind === 'constant' ? { kind: 'constant', value: !of.value } : { kind: 'not', of };
}

export function both(a: Formula, b: Formula): Formula {
  if (a.kind === 'constant') return a.value ? b : never;
  if (b.kind === 'constant') return b.value ? a : never;
  return { kind: 'and', all: [a, b] };
}

export function either(a: Formula, b: Formula): Formula {
  return negation(both(negation(a), negation(b)));
}

/** `yes` if `condition` holds, else `no`. */
export function choice(condition: Formula, yes: Formula, no: Formula): Formula {
  return either(both(condition, yes), both(negation(condition), no));
}

/** Whether the optional input or hyperparameter `name` of a declaration is given. */
export function given(name: string): Formula {
  return { kind: 'atom', atom: { key: `${name}?`, text: `${name}?` } };
}

/** Whether no hyperparameters make all of these formulas true: each combination of truth values makes at least one of them false. */
export function isImpossible(formulas: readonly Formula[]): boolean {
  const atoms = new Map<string, Atom>();
  const understood = formulas.filter((formula) => collect(formula, new Map()) && collect(formula, atoms));
  return atoms.size <= MAX_ATOMS && !assignments([...atoms.values()]).some((values) => understood.every((f) => evaluate(f, values)));
}

/** All combinations of truth values in which a hyperparameter equals at most one text, and there are numbers for those that are compared. */
function assignments(atoms: readonly Atom[]): readonly ReadonlyMap<string, boolean>[] {
  const all = Array.from({ length: 1 << atoms.length }, (_, bits) => new Map(atoms.map((atom, i) => [atom.key, (bits & (1 << i)) === 0])));
  return all.filter((values) => {
    const chosen = atoms.filter((atom) => atom.choice !== undefined && values.get(atom.key) === true).map((atom) => atom.choice);
    return new Set(chosen).size === chosen.length && haveNumbers(atoms, values);
  });
}

/** Whether there are numbers for which the comparisons have these truth values. */
function haveNumbers(atoms: readonly Atom[], values: ReadonlyMap<string, boolean>): boolean {
  const all = atoms.flatMap(({ key, compares }) => (compares === undefined ? [] : [{ ...compares, holds: values.get(key) === true }]));
  return [...new Set(all.map(({ name }) => name))].every((name) => {
    const own = all.filter((other) => other.name === name);
    const bounds = [...new Set(own.map(({ value }) => value))].sort((a, b) => a - b);
    const between = bounds.slice(1).map((bound, i) => ((bounds[i] ?? 0) + bound) / 2);
    const numbers = [Number.NEGATIVE_INFINITY, ...bounds, ...between, Number.POSITIVE_INFINITY];
    return numbers.some((number) => own.every(({ op, value, holds }) => compare(number, op, value) === holds));
  });
}

function compare(number: number, op: Comparison['op'], value: number): boolean {
  return op === '==' ? number === value : op === '>' ? number > value : number >= value;
}

/** Truth values for which all formulas hold, if trying finds any; undefined if there are none, or if part of a formula is opaque. */
export function example(formulas: readonly Formula[], facts: Facts): ReadonlyMap<string, boolean> | undefined {
  const atoms = new Map<string, Atom>();
  if (!formulas.every((f) => collect(f, atoms)) || atoms.size > MAX_ATOMS) return undefined;
  const all = [...atoms.values()];
  const found = assignments(all).find((values) => formulas.every((f) => evaluate(f, values)) && isPossible(all, values, facts));
  return found && new Map(all.map((atom) => [atom.text, found.get(atom.key) === true]));
}

/** Collects the atoms of a formula; false if part of it is opaque. */
function collect(formula: Formula, atoms: Map<string, Atom>): boolean {
  switch (formula.kind) {
    case 'constant':
      return true;
    case 'opaque':
      return false;
    case 'atom':
      atoms.set(formula.atom.key, formula.atom);
      return true;
    case 'not':
      return collect(formula.of, atoms);
    case 'and':
      return formula.all.every((f) => collect(f, atoms));
  }
}

function evaluate(formula: Formula, values: ReadonlyMap<string, boolean>): boolean {
  switch (formula.kind) {
    case 'constant':
      return formula.value;
    case 'opaque':
      return false;
    case 'atom':
      return values.get(formula.atom.key) === true;
    case 'not':
      return !evaluate(formula.of, values);
    case 'and':
      return formula.all.every((f) => evaluate(f, values));
  }
}

/** Whether there are hyperparameters for which the atoms have these values. */
function isPossible(atoms: readonly Atom[], values: ReadonlyMap<string, boolean>, known: Facts): boolean {
  const isTrue = (atom: Atom) => values.get(atom.key) === true;
  let facts = known;
  for (const atom of atoms) {
    for (const fact of (isTrue(atom) ? atom.whenTrue : atom.whenFalse) ?? []) {
      if (decideFact(fact, facts).kind === 'never') return false;
      facts = facts.assume(fact);
      if (facts.contradiction !== undefined) return false;
    }
  }
  const refuted = (list: readonly Fact[] = []) => list.length > 0 && list.every((fact) => decideFact(fact, facts).kind === 'proved');
  return atoms.every((atom) => !refuted(isTrue(atom) ? atom.whenFalse : atom.whenTrue));
}
