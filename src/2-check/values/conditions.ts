import type { Block, Expr, IfExpr } from '../../1-syntax/ast.js';
import { exprsOf } from '../../1-syntax/walk.js';
import type { Context } from '../context.js';
import { reportOpen } from '../sizes/open-sizes.js';
import { bothBranches } from '../statements/both-branches.js';
import { formulaOf } from './formula-of.js';
import { type BoolValue, type CheckValue, describe, openSize, unknown } from './values.js';

/** `if` as a value: the branch that is taken, or, if that is open, both, which must then agree. */
export function ifValue(cx: Context, expr: IfExpr): CheckValue {
  const condition = conditionOf(cx, expr.condition);
  const { then, otherwise } = expr;
  if (otherwise === undefined) {
    cx.error('missing-else', expr.span, { word: 'if' });
    return unknown;
  }
  const branch = (block: Block | IfExpr) => () => {
    if ('kind' in block) return cx.evaluateOptional(block);
    const value = cx.interpreter.runBlock(cx, block);
    if (value === undefined && cx.flow === 'goes-on') cx.error('missing-value', block.span, {});
    return value ?? unknown;
  };
  if (condition.kind === 'unknown' || cx.flow !== 'goes-on') return unknown;
  return decide(cx, expr.condition, condition, branch(then), branch(otherwise));
}

/** Takes the branch that the condition selects; if it is open, both. */
export function decide(cx: Context, expr: Expr, condition: BoolValue, then: () => CheckValue, otherwise: () => CheckValue): CheckValue {
  if (condition.value === undefined) {
    return bothBranches(cx, formulaOf(cx, expr), [
      { facts: condition.whenTrue ?? [], run: then },
      { facts: condition.whenFalse ?? [], run: otherwise },
    ]);
  }
  const value = condition.value ? then() : otherwise();
  if (cx.flow === 'ended' && !isAlwaysSo(cx, expr)) cx.flow = 'left';
  return value;
}

/** Whether a decided condition is the same for all hyperparameters: it reads only sizes and literals. */
function isAlwaysSo(cx: Context, expr: Expr): boolean {
  if (expr.kind === 'name') return cx.scope.find(expr.name)?.role === 'dim';
  return expr.kind !== 'present' && expr.kind !== 'call' && exprsOf(expr).every((inner) => isAlwaysSo(cx, inner));
}

/** What could be meant by a condition that is a tensor. */
function tensorKind(value: CheckValue): 'one' | 'several' | undefined {
  if (value.kind !== 'tensor') return undefined;
  return value.local.type.shape.length === 0 ? 'one' : 'several';
}

/**
 * The condition of an `if` or an `assert`; open only while sizes are variables. That of an `if` which only a run can decide is unknown;
 * that of an assertion is still assumed after it.
 */
export function conditionOf(cx: Context, expr: Expr, of: 'choice' | 'assertion' = 'choice'): BoolValue | { readonly kind: 'unknown' } {
  const value = cx.evaluate(expr);
  if (value.kind === 'unknown') return cx.rigid ? { kind: 'bool', value: undefined } : unknown;
  if (value.kind !== 'bool') {
    cx.error('bad-condition', expr.span, { what: describe(value, (t) => cx.show(t)), tensor: tensorKind(value) });
    return unknown;
  }
  if (value.value !== undefined || cx.rigid) return value;
  const what = of === 'choice' ? 'this condition' : 'an assertion';
  const clause = cx.module.file.text.slice(expr.span.start, expr.span.end);
  const help =
    of === 'choice' ? undefined : `state it in the signature, where each use and each run has to satisfy it: \`where ${clause}\``;
  reportOpen(cx, expr.span, what, openSize(value), help);
  return of === 'choice' ? unknown : value;
}
