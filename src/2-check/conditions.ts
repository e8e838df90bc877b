import type { Block, Expr, IfExpr } from '../1-syntax/ast.js';
import { joinAbsence } from './absence.js';
import { joinValues, withFacts } from './branches.js';
import type { Context } from './context.js';
import { formulaOf, negation } from './formula.js';
import { type BoolValue, type CheckValue, describe, unknown } from './values.js';

/** `if` as a value: the branch that is taken, or, where that is open, both, which must then agree. */
export function ifValue(cx: Context, expr: IfExpr): CheckValue {
  const condition = conditionOf(cx, expr.condition);
  const { then, otherwise } = expr;
  if (otherwise === undefined) {
    cx.error('missing-else', expr.span, {});
    return unknown;
  }
  const branch = (block: Block | IfExpr): CheckValue => {
    if ('kind' in block) return cx.evaluate(block);
    const { value, flow } = cx.interpreter.runBlock(cx, block);
    if (value === undefined && flow === 'goes-on') cx.error('missing-value', block.span, {});
    return value ?? unknown;
  };
  if (condition.kind === 'unknown') return unknown;
  if (condition.value !== undefined) return branch(condition.value ? then : otherwise);
  const formula = formulaOf(cx, expr.condition);
  const { path } = cx;
  cx.path = [...path, formula];
  const yes = withFacts(cx, condition.whenTrue ?? [], () => branch(then));
  cx.path = [...path, negation(formula)];
  const no = withFacts(cx, condition.whenFalse ?? [], () => branch(otherwise));
  cx.path = path;
  return joinAbsence(joinValues(cx, yes, no), formula, yes.value, no.value);
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
  cx.error('not-a-constant', expr.span, { what, size: value.dependsOn ?? 'a size of the input' }, { help });
  return of === 'choice' ? unknown : value;
}
