import type { AssertStmt } from '../../1-syntax/ast.js';
import type { Context } from '../context.js';
import { textOf } from '../values/builtins.js';
import { conditionOf } from '../values/conditions.js';
import { formulaOf } from '../values/formula-of.js';

/**
 * What is asserted holds after it, even if the assertion is an error: a condition on sizes that a run decides belongs in the signature.
 * Nothing after a false assertion is checked.
 */
export function assertThat(cx: Context, { condition, message }: AssertStmt): void {
  const value = conditionOf(cx, condition, 'assertion');
  if (value.kind === 'unknown') return;
  if (value.value === false) {
    const text = message === undefined ? undefined : textOf(cx.evaluate(message));
    // Under an open condition it says what must not be chosen: each use decides.
    if (cx.path.length === 0) cx.error('assertion-failed', condition.span, { message: text });
    cx.flow = 'left';
    return;
  }
  if (cx.rigid) cx.path = [...cx.path, formulaOf(cx, condition)];
  for (const fact of value.whenTrue ?? []) cx.facts = cx.facts.assume(fact);
}
