import type { Block, Expr, IfExpr } from '../1-syntax/ast.js';
import type { Context } from './context.js';
import { formulaOf } from './formula.js';
import { bothBranches } from './open-branches.js';
import { type BoolValue, type CheckValue, describe, openSize, unknown } from './values.js';

/** `if` as a value: the branch that is taken, or, where that is open, both, which must then agree. */
export function ifValue(cx: Context, expr: IfExpr): CheckValue {
  const condition = conditionOf(cx, expr.condition);
  const { then, otherwise } = expr;
  if (otherwise === undefined) {
    cx.error('missing-else', expr.span, {});
    return unknown;
  }
  const branch = (block: Block | IfExpr) => {
    if ('kind' in block) return { flow: 'goes-on' as const, value: cx.evaluate(block) };
    const { value, flow } = cx.interpreter.runBlock(cx, block);
    if (value === undefined && flow === 'goes-on') cx.error('missing-value', block.span, {});
    return { flow, value: value ?? unknown };
  };
  if (condition.kind === 'unknown') return unknown;
  if (condition.value !== undefined) return branch(condition.value ? then : otherwise).value;
  return bothBranches(cx, formulaOf(cx, expr.condition), [
    { facts: condition.whenTrue ?? [], run: () => branch(then) },
    { facts: condition.whenFalse ?? [], run: () => branch(otherwise) },
  ]).value;
}

/**
 * The condition of an `if` or an `assert`; open only while sizes are variables. That of an `if` which a run decides is unknown; what an assertion says is
 * still to be believed behind it.
 */
export function conditionOf(cx: Context, expr: Expr, of: 'choice' | 'assertion' = 'choice'): BoolValue | { readonly kind: 'unknown' } {
  const value = cx.evaluate(expr);
  if (value.kind === 'unknown') return cx.rigid ? { kind: 'bool', value: undefined } : unknown;
  if (value.kind !== 'bool') {
    cx.error('bad-condition', expr.span, { what: describe(value, (t) => cx.show(t)), tensor: value.kind === 'tensor' });
    return unknown;
  }
  if (value.value !== undefined || cx.rigid) return value;
  const what = of === 'choice' ? 'this condition' : 'an assertion';
  const clause = cx.module.file.text.slice(expr.span.start, expr.span.end);
  const help =
    of === 'choice' ? undefined : `state it in the signature, where each use and each run has to satisfy it: \`where ${clause}\``;
  cx.error('not-a-constant', expr.span, { what, size: openSize(value) }, { help });
  return of === 'choice' ? unknown : value;
}
