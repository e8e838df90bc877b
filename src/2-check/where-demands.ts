import type { Expr } from '../1-syntax/ast.js';
import type { Span } from '../diagnostics/span.js';
import { factText } from '../dims/fact-text.js';
import type { Context } from './context.js';
import { decideFact, factsOf, isOpenFact } from './facts-of.js';
import { witnessText } from './witness-text.js';

/**
 * Whether the `where` clauses of what is used at `span` hold. `own` is the context in which they were written, with the values of this use; complaints go
 * to `cx`, the user's. What is left open for these sizes is assumed in `own` from here on.
 */
export function demandFacts(cx: Context, own: Context, callee: string, where: readonly Expr[], span: Span): boolean {
  for (const clause of where) {
    const facts = factsOf(own, clause);
    const text = own.module.file.text.slice(clause.span.start, clause.span.end);
    const notes = [{ span: clause.span, text: 'wanted here' }];
    if (facts === undefined) {
      const value = own.evaluate(clause);
      if (value.kind === 'bool' && value.value === false) {
        cx.error('unmet-condition', span, { callee, clause: text }, { notes });
        return false;
      }
      continue;
    }
    for (const fact of facts) {
      const answer = cx.settle(decideFact(fact, cx.facts), 'any hyperparameter');
      if (answer.kind === 'never' || answer.kind === 'not-always') {
        const witness = answer.kind === 'not-always' ? witnessText(answer.witness) : undefined;
        cx.error('unmet-fact', span, { callee, clause: text, fact: factText(fact), witness, open: isOpenFact(fact) }, { notes });
        return false;
      }
      if (answer.kind === 'unknown') cx.leaveOpen('unmet-fact', span, fact);
      if (isOpenFact(fact) && answer.kind === 'unknown') own.facts = own.facts.assume(fact);
    }
  }
  return true;
}
