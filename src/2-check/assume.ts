import type { Expr, FnDecl, LayerDecl } from '../1-syntax/ast.js';
import { factText } from '../dims/fact-text.js';
import type { Fact } from '../dims/facts.js';
import type { Context } from './context.js';
import { decideFact, factsOf, isOpenFact } from './facts-of.js';
import { bindResultSizes } from './result-sizes.js';
import { witnessText } from './witness-text.js';

/** Takes the `where` facts of a declaration for true in its body, and complains of those that cannot be. */
export function assumeFacts(cx: Context, decl: LayerDecl | FnDecl): readonly { readonly fact: Fact; readonly text: string }[] {
  bindResultSizes(cx, decl);
  return assumeWhere(cx, decl.name.text, decl.where);
}

/** The same for the clauses of any declaration, whose sizes are all known. */
export function assumeWhere(
  cx: Context,
  callee: string,
  where: readonly Expr[],
): readonly { readonly fact: Fact; readonly text: string }[] {
  const assumed: { fact: Fact; text: string }[] = [];
  for (const clause of where) {
    const facts = factsOf(cx, clause);
    const text = cx.module.file.text.slice(clause.span.start, clause.span.end);
    if (facts === undefined) {
      const value = cx.evaluate(clause);
      if (value.kind === 'bool' && value.value === false) cx.error('unmet-condition', clause.span, { callee, clause: text });
      else if (value.kind === 'bool') for (const fact of value.whenTrue ?? []) cx.facts = cx.facts.assume(fact);
      else if (value.kind !== 'unknown') cx.error('bad-fact', clause.span, {});
      continue;
    }
    if (cx.facts.list.length + facts.length > cx.session.limits.facts) {
      cx.error('too-many-facts', clause.span, { limit: cx.session.limits.facts });
      return assumed;
    }
    for (const fact of facts) {
      const answer = decideFact(fact, cx.facts);
      if (answer.kind === 'proved') {
        assumed.push({ fact, text });
        continue;
      }
      if (!isOpenFact(fact)) {
        const witness = answer.kind === 'not-always' ? witnessText(answer.witness) : undefined;
        cx.error('unmet-fact', clause.span, { callee, clause: text, fact: factText(fact), witness, open: false });
        continue;
      }
      cx.facts = cx.facts.assume(fact);
      if (answer.kind === 'never' || cx.facts.contradiction !== undefined) {
        cx.error('contradictory-facts', clause.span, { clause: text });
        return assumed;
      }
      assumed.push({ fact, text });
    }
  }
  return assumed;
}
