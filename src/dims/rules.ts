import { Dim, operandsOf } from './dim.js';
import type { Atom, Monomial } from './terms.js';

/** A one-way rewrite rule from an equality between sizes: every multiple of `monomial` becomes that of `replacement`. */
export interface Rule {
  readonly monomial: Monomial;
  readonly replacement: Dim;
}

/** Rules whose replacements contain what they replace would never end; each pass is sound, so stopping is, too. */
const MAX_PASSES = 16;

/** Turns `d == 0` into a rule for the first of its terms that does not recur in its replacement. */
export function ruleFrom(d: Dim): Rule | undefined {
  for (const term of d.terms) {
    if (Math.abs(term.coefficient) !== 1 || term.monomial.degree === 0) continue;
    const replacement = Dim.ofTerms(d.terms.filter((t) => t !== term)).mul(-term.coefficient);
    if (!contains(replacement, term.monomial)) return { monomial: term.monomial, replacement };
  }
  return undefined;
}

function contains(dim: Dim, monomial: Monomial): boolean {
  return dim.terms.some(
    (term) =>
      term.monomial.over(monomial) !== undefined ||
      term.monomial.factors.some(({ atom }) => operandsOf(atom).some((operand) => contains(operand, monomial))),
  );
}

/** Rewrites until no rule applies, at most `MAX_PASSES` times. */
export function applyRules(dim: Dim, rules: readonly Rule[]): Dim {
  if (rules.length === 0) return dim;
  let current = dim;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const next = rewrite(current, rules);
    if (next === current) return current;
    current = next;
  }
  return current;
}

function rewrite(dim: Dim, rules: readonly Rule[]): Dim {
  let changed = false;
  let sum = Dim.zero;
  for (const { coefficient, monomial } of dim.terms) {
    const match = rules.map((rule) => ({ rule, cofactor: monomial.over(rule.monomial) })).find((m) => m.cofactor !== undefined);
    if (match?.cofactor === undefined) {
      sum = sum.add(Dim.ofTerms([{ coefficient, monomial }]));
      continue;
    }
    changed = true;
    sum = sum.add(match.rule.replacement.mul(Dim.ofTerms([{ coefficient, monomial: match.cofactor }])));
  }
  const inner = sum.replaceOperands((operand) => rewrite(operand, rules));
  return changed || inner !== sum ? inner : dim;
}

/** Replaces an atom with `replacement`, including inside other atoms. */
export function replaceDeep(dim: Dim, atom: Atom, replacement: Dim): Dim {
  const outer = dim.replaceOperands((operand) => replaceDeep(operand, atom, replacement));
  for (const found of outer.atoms()) {
    if (found.key === atom.key) return outer.replaceAtoms((other) => (other.key === atom.key ? replacement : undefined));
  }
  return outer;
}
