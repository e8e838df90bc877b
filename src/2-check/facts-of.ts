import type { Expr } from '../1-syntax/ast.js';
import { type Answer, decideAtLeast, decideDivides, decideEqual } from '../dims/decide.js';
import type { Fact, Facts } from '../dims/facts.js';
import type { Context } from './context.js';
import { namesIn } from './signature.js';
import { sizeOf } from './type-expressions.js';

/**
 * The facts a `where` clause states: `E % c == 0`, comparisons, `N in 1..64` (from 1, below 64, as every range). `undefined` if it states none
 * that the algebra knows; the clause is then a condition of the compiler. Nothing is wanted of the sizes of an optional input that is not there.
 */
export function factsOf(cx: Context, expr: Expr): readonly Fact[] | undefined {
  if (expr.kind === 'binary' && (expr.op === '&' || expr.op === '&&')) {
    const a = factsOf(cx, expr.left);
    const b = factsOf(cx, expr.right);
    return a === undefined || b === undefined ? undefined : [...a, ...b];
  }
  if (namesIn(expr).some((name) => isAbsentSize(cx, name))) return [];
  if (expr.kind !== 'binary') return undefined;
  const { op, left, right } = expr;
  if (op === 'in' && right.kind === 'range') {
    const value = sizeOf(cx, left);
    const start = sizeOf(cx, right.start);
    const end = sizeOf(cx, right.end);
    if (value === undefined || start === undefined || end === undefined) return [];
    return [
      { kind: 'at-least', left: value, right: start },
      { kind: 'at-least', left: end.sub(1), right: value },
    ];
  }
  if (op === '==' && left.kind === 'binary' && left.op === '%' && right.kind === 'number' && right.value === 0) {
    const value = sizeOf(cx, left.left);
    const divisor = sizeOf(cx, left.right);
    return value === undefined || divisor === undefined ? [] : [{ kind: 'divides', divisor, value }];
  }
  if (op !== '==' && op !== '>=' && op !== '<=' && op !== '>' && op !== '<') return undefined;
  const a = sizeOf(cx, left);
  const b = sizeOf(cx, right);
  if (a === undefined || b === undefined) return [];
  switch (op) {
    case '==':
      return [{ kind: 'equal', left: a, right: b }];
    case '>=':
      return [{ kind: 'at-least', left: a, right: b }];
    case '<=':
      return [{ kind: 'at-least', left: b, right: a }];
    case '>':
      return [{ kind: 'at-least', left: a, right: b.add(1) }];
    case '<':
      return [{ kind: 'at-least', left: b, right: a.add(1) }];
  }
}

function isAbsentSize(cx: Context, name: string): boolean {
  const binding = cx.scope.find(name);
  return binding?.role === 'dim' && binding.value.kind === 'absent';
}

export function decideFact(fact: Fact, facts: Facts): Answer {
  switch (fact.kind) {
    case 'equal':
      return decideEqual(fact.left, fact.right, facts);
    case 'at-least':
      return decideAtLeast(fact.left, fact.right, facts);
    case 'divides':
      return decideDivides(fact.divisor, fact.value, facts);
  }
}

/** Whether a fact speaks of names at all; one about numbers is either true or false. */
export function isOpenFact(fact: Fact): boolean {
  const sides = fact.kind === 'divides' ? [fact.divisor, fact.value] : [fact.left, fact.right];
  return sides.some((side) => side.constant === undefined);
}
