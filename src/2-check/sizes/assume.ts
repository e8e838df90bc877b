import type { DimExpr, Expr, FnDecl, LayerDecl } from '../../1-syntax/ast.js';
import { decideFact } from '../../dims/decide.js';
import type { Fact } from '../../dims/fact.js';
import { factText } from '../../dims/fact-text.js';
import { type Facts, isOpenFact } from '../../dims/facts.js';
import type { Context } from '../context.js';
import { signatureOf } from '../modules/signature.js';
import { bindResultSizes } from './result-sizes.js';
import { type Clause, readClauses } from './where-clauses.js';

/** What the `where` of a declaration states inside it. */
export interface Assumptions {
  /** The facts about sizes, each with the clause that states it. */
  readonly facts: readonly { readonly fact: Fact; readonly text: string }[];
  /** Conditions on hyperparameters and optional inputs that are open here. */
  readonly open: readonly Expr[];
}

/** Assumes the `where` facts of a declaration in its body, and reports clauses that cannot be facts or cannot be true. */
export function assumeFacts(cx: Context, decl: LayerDecl | FnDecl): Assumptions {
  bindResultSizes(cx, decl);
  return assumeWhere(cx, decl.name.text, decl.where);
}

/** The same for the clauses of any declaration all of whose sizes are known. */
export function assumeWhere(cx: Context, callee: string, where: readonly Expr[]): Assumptions {
  const facts: { fact: Fact; text: string }[] = [];
  const open: Expr[] = [];
  readClauses(cx, where, (clause) => {
    const { text, expr, meaning } = clause;
    switch (meaning.kind) {
      case 'refused':
        cx.error('bad-fact', expr.span, { clause: text, ofSizes: meaning.ofSizes });
        return true;
      case 'decided':
        if (meaning.holds) return true;
        // Sizes that are variables can only contradict other facts.
        if (cx.rigid && meaning.ofSizes) cx.error('contradictory-facts', expr.span, { clause: text });
        else cx.error('unmet-condition', expr.span, { callee, clause: text, ofSizes: meaning.ofSizes });
        return true;
      case 'open':
        open.push(expr);
        for (const fact of meaning.facts) cx.facts = cx.facts.assume(fact);
        return true;
      case 'facts':
        if (cx.facts.list.length + meaning.facts.length > cx.session.limits.facts) {
          cx.error('too-many-facts', expr.span, { limit: cx.session.limits.facts });
          return false;
        }
        return meaning.facts.every((fact) => {
          if (!isOpenFact(fact)) return checkNumbers(cx, fact, callee, clause);
          if (!assume(cx, fact, clause)) return false;
          facts.push({ fact, text });
          return true;
        });
    }
  });
  return { facts, open };
}

/** A fact about numbers, whose truth is known. */
function checkNumbers(cx: Context, fact: Fact, callee: string, { text, expr }: Clause): true {
  if (decideFact(fact, cx.facts).kind !== 'proved')
    cx.error('unmet-fact', expr.span, { callee, clause: text, fact: factText(fact), witness: undefined, open: false });
  return true;
}

/** Assumes a fact; false if it cannot hold, which is reported. */
function assume(cx: Context, fact: Fact, { text, expr }: Clause): boolean {
  const answer = decideFact(fact, cx.facts);
  if (answer.kind === 'proved') return true;
  cx.facts = cx.facts.assume(fact);
  if (answer.kind !== 'never' && cx.facts.contradiction === undefined) return true;
  cx.error('contradictory-facts', expr.span, { clause: text });
  return false;
}

/** The facts as they will be assumed: the input types, which come before `where`, are read with them. Mistakes in them are reported later. */
export function factsInAdvance(cx: Context, decl: LayerDecl | FnDecl): Facts {
  if (decl.where.length === 0 || signatureOf(decl, cx.module).inputs.every(({ type }) => type.dims.every(isPlain))) return cx.facts;
  const trial = cx.speculate(() => {
    assumeFacts(cx, decl);
    return cx.facts;
  });
  return trial.value;
}

/** Whether an axis is a name or a number, which no fact is needed to read. */
function isPlain(dim: DimExpr): boolean {
  return dim.kind === 'rest' || dim.size.kind === 'name' || dim.size.kind === 'number';
}
