import type { Expr } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import { decideFact } from '../../dims/decide.js';
import type { Fact } from '../../dims/fact.js';
import { factText } from '../../dims/fact-text.js';
import { isOpenFact } from '../../dims/facts.js';
import type { Context } from '../context.js';
import { adviceToState } from './suggested-facts.js';
import { type Clause, readClauses } from './where-clauses.js';
import { witnessOf } from './witness-text.js';

/** Who uses something with a `where`, and in which context that was written, with the values of this use. */
interface Use {
  readonly cx: Context;
  readonly own: Context;
  readonly callee: string;
  readonly span: Span;
}

/**
 * Whether the `where` clauses of what is used at `span` hold. `own` is the context in which they were written, with the values of this use;
 * problems are reported to `cx`, the user's. What is left open for these sizes is left open in `own`, whose open demands are passed on to
 * its users.
 */
export function demandFacts(cx: Context, own: Context, callee: string, where: readonly Expr[], span: Span): boolean {
  let hold = true;
  readClauses(own, where, (clause) => {
    hold = demandClause({ cx, own, callee, span }, clause);
    return hold;
  });
  return hold;
}

function demandClause(use: Use, clause: Clause): boolean {
  const { cx, callee, span } = use;
  const { meaning, text } = clause;
  const notes = () => [{ span: clause.expr.span, text: 'wanted here' }];
  switch (meaning.kind) {
    case 'open':
      return true;
    case 'facts':
      return meaning.facts.every((fact) => demandFact(use, fact, clause));
    case 'decided':
      if (!meaning.holds) cx.error('unmet-condition', span, { callee, clause: text, ofSizes: meaning.ofSizes }, { notes: notes() });
      return meaning.holds;
    case 'refused':
      cx.error('bad-fact', span, { clause: text, ofSizes: meaning.ofSizes }, { notes: notes() });
      return false;
  }
}

function demandFact({ cx, own, callee, span }: Use, fact: Fact, { text, expr }: Clause): boolean {
  const answer = cx.settle(decideFact(fact, own.facts), 'any hyperparameter');
  if (answer.kind === 'proved') return true;
  if (answer.kind === 'unknown') {
    own.leaveOpen('unmet-fact', span, fact);
    return true;
  }
  const witness = witnessOf(answer);
  const notes = [{ span: expr.span, text: 'wanted here' }];
  const params = { callee, clause: text, fact: factText(fact), witness, open: isOpenFact(fact) };
  cx.error('unmet-fact', span, params, { notes, ...adviceToState(cx, [fact]) });
  return false;
}
