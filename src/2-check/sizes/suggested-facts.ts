import type { FnDecl, LayerDecl } from '../../1-syntax/ast.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import type { Edit, Extra } from '../../diagnostics/diagnostic.js';
import { decideFact } from '../../dims/decide.js';
import { Dim, operandsOf } from '../../dims/dim.js';
import { type Fact, sidesOf } from '../../dims/fact.js';
import { factText } from '../../dims/fact-text.js';
import { isOpenFact, keyOfFact } from '../../dims/facts.js';
import { parseFact } from '../../dims/parse.js';
import { simplestForm } from '../../dims/simplest-form.js';
import type { Context } from '../context.js';
import type { Module } from '../modules/modules.js';

/** More candidates than this are not tried. */
const MAX_CANDIDATES = 8;

/**
 * What to write after `where` so that `demands` hold, as text: the demands themselves, or, for sizes that should be equal, the divisibility
 * that avoids the rounding. It has been tested: it parses to what is meant, uses only names that the signature knows, fits the existing
 * facts, proves every demand, and no part of it is redundant. Undefined if nothing was found.
 */
export function factsToState(cx: Context, demands: readonly Fact[]): string | undefined {
  let chosen = distinct(
    demands.flatMap((demand) => (demand.kind === 'equal' ? unrounded(demand.left, demand.right) : [simplestForm(demand)])),
  );
  chosen = chosen.filter((fact) => isOpenFact(fact) && decideFact(fact, cx.facts).kind !== 'proved');
  if (chosen.length === 0 || chosen.length > MAX_CANDIDATES || !chosen.every((fact) => isWritable(cx, fact))) return undefined;
  if (!suffice(cx, chosen, demands)) return undefined;
  for (const fact of chosen) {
    const fewer = chosen.filter((other) => other !== fact);
    if (suffice(cx, fewer, demands)) chosen = fewer;
  }
  return chosen.map(factText).join(', ');
}

/** A suggestion to state the facts, with the fix that does so; `more` follows in the same sentence. */
export function adviceToState(cx: Context, demands: readonly Fact[], more = ''): Pick<Extra, 'help' | 'fixes'> {
  const facts = factsToState(cx, demands);
  if (facts === undefined || cx.outermost === undefined) return {};
  const { decl, module } = cx.outermost;
  const edit = module.standard ? undefined : insertion(decl, module, facts);
  const fixes = edit === undefined ? [] : [{ title: `state \`where ${facts}\``, edits: [edit] }];
  return { help: `state it in the signature of \`${decl.name.text}\`: \`where ${facts}\`${more}`, fixes };
}

/** Inserts facts before those that a declaration states, or before its body. */
function insertion({ where, result, body, name }: FnDecl | LayerDecl, { file }: Module, facts: string): Edit | undefined {
  const { start } = body.span;
  const at = (offset: number) => spanBeside(body.span, offset, offset);
  if (where.length === 0) return { span: at(start), text: `where ${facts} ` };
  const from = (result ?? name).span.end;
  const [keyword] = /^\s*where\s+/.exec(file.text.slice(from, start)) ?? [];
  return keyword === undefined ? undefined : { span: at(from + keyword.length), text: `${facts}, ` };
}

function suffice(cx: Context, stated: readonly Fact[], demands: readonly Fact[]): boolean {
  const facts = stated.reduce((all, fact) => all.assume(fact), cx.facts);
  return facts.contradiction === undefined && demands.every((demand) => decideFact(demand, facts).kind === 'proved');
}

/** Whether the signature may state it: its names exist there, and its text parses back to the same. */
function isWritable(cx: Context, fact: Fact): boolean {
  const names = new Map(sidesOf(fact).flatMap((side) => [...variablesOf(side)]));
  if (![...names.keys()].every((name) => cx.outermost?.sizes.has(name) === true)) return false;
  const read = parseFact(factText(fact), (name) => names.get(name) ?? Dim.variable(name));
  return read !== undefined && keyOfFact(read) === keyOfFact(fact);
}

/** What must divide so that no size in `a` and `b` is rounded. */
function unrounded(a: Dim, b: Dim): readonly Fact[] {
  const facts: Fact[] = [];
  const collect = (size: Dim): void => {
    for (const atom of size.atoms()) {
      if (atom.kind === 'floor') facts.push({ kind: 'divides', value: atom.value, divisor: atom.divisor });
      for (const operand of operandsOf(atom)) collect(operand);
    }
  };
  collect(a);
  collect(b);
  return facts;
}

function distinct(facts: readonly Fact[]): readonly Fact[] {
  return [...new Map(facts.map((fact) => [keyOfFact(fact), fact])).values()];
}

/** The variables of a size, with their ranges. */
function variablesOf(size: Dim): ReadonlyMap<string, Dim> {
  const found = new Map<string, Dim>();
  for (const atom of size.atoms()) {
    if (atom.kind === 'variable') found.set(atom.name, Dim.ofAtom(atom));
    for (const operand of operandsOf(atom)) for (const [name, dim] of variablesOf(operand)) found.set(name, dim);
  }
  return found;
}
