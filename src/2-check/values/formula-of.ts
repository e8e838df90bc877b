import type { Expr } from '../../1-syntax/ast.js';
import type { Fact } from '../../dims/fact.js';
import { keyOfFact } from '../../dims/facts.js';
import type { Context } from '../context.js';
import { numberOf } from './arithmetic.js';
import { always, both, type Comparison, either, type Formula, negation, never } from './formula.js';

/** The condition of an `if` that is open. */
export function formulaOf(cx: Context, expr: Expr): Formula {
  if (expr.kind === 'unary' && expr.op === '!') return negation(formulaOf(cx, expr.operand));
  if (expr.kind === 'binary') {
    const { op } = expr;
    if (op === '&&' || op === '&') return both(formulaOf(cx, expr.left), formulaOf(cx, expr.right));
    if (op === '||' || op === '|') return either(formulaOf(cx, expr.left), formulaOf(cx, expr.right));
    return comparison(cx, expr);
  }
  if (expr.kind === 'bool') return { kind: 'constant', value: expr.value };
  if (expr.kind === 'present') return presence(cx, expr.object);
  const fixed = fixedName(cx, expr);
  if (fixed !== undefined) return { kind: 'atom', atom: { key: fixed, text: fixed } };
  return { kind: 'opaque' };
}

/** Whether an optional value is present. */
function presence(cx: Context, expr: Expr): Formula {
  const { value } = cx.speculate(() => cx.evaluateOptional(expr));
  if (value.kind === 'unknown') return { kind: 'opaque' };
  return value.kind === 'maybe' ? negation(value.absent) : value.kind === 'absent' ? never : always;
}

/** The name of a hyperparameter, or of a field of one: `pool`, `c.pool`. These keep their values; a variable may change between two conditions. */
function fixedName(cx: Context, expr: Expr): string | undefined {
  if (expr.kind === 'member') {
    const object = fixedName(cx, expr.object);
    return object === undefined ? undefined : `${object}.${expr.name.text}`;
  }
  const binding = expr.kind === 'name' ? cx.scope.find(expr.name) : undefined;
  return expr.kind === 'name' && binding?.role === 'hyper' && cx.body.here(expr.name) === binding ? expr.name : undefined;
}

function comparison(cx: Context, expr: Extract<Expr, { kind: 'binary' }>): Formula {
  const { left, right, op } = expr;
  const { value } = cx.speculate(() => cx.evaluate(expr));
  if (value.kind !== 'bool') return { kind: 'opaque' };
  if (value.value !== undefined) return { kind: 'constant', value: value.value };
  const text = cx.module.file.text.slice(expr.span.start, expr.span.end);
  if (value.whenTrue !== undefined && value.whenFalse !== undefined && value.whenTrue.length + value.whenFalse.length > 0) {
    // `k != 1` is the negation of `k == 1`, so the two are one atom.
    const { whenTrue, whenFalse } = value;
    return op === '!=' ? negation(atomOf(text.replace('!=', '=='), whenFalse, whenTrue)) : atomOf(text, whenTrue, whenFalse);
  }
  const number = numberComparison(cx, expr);
  if (number !== undefined) return number;
  const name = fixedName(cx, left);
  if (name === undefined || (op !== '==' && op !== '!=') || right.kind !== 'string') return { kind: 'opaque' };
  const written = cx.module.file.text.slice(right.span.start, right.span.end);
  const atom: Formula = {
    kind: 'atom',
    atom: { key: `${name} == ${written}`, text: `${name} == ${written}`, choice: name },
  };
  return op === '==' ? atom : negation(atom);
}

/** A comparison of sizes. Comparisons that say the same about the same sizes are one atom; the same text may refer to other sizes elsewhere. */
function atomOf(text: string, whenTrue: readonly Fact[], whenFalse: readonly Fact[]): Formula {
  const key = [whenTrue, whenFalse].map((facts) => facts.map(keyOfFact).join('&')).join('|');
  return { kind: 'atom', atom: { key, text, whenTrue, whenFalse } };
}

/** For each comparison that is not itself an atom, the one whose negation it is. */
const opposites: Readonly<Record<string, Comparison['op']>> = { '!=': '==', '<=': '>', '<': '>=' };
const mirrored: Readonly<Record<string, string>> = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** The comparison of a float hyperparameter with a number, in this order or the other. */
function numberComparison(cx: Context, { left, right, op }: Extract<Expr, { kind: 'binary' }>): Formula | undefined {
  const name = fixedName(cx, left);
  const mirror = mirrored[op];
  if (mirror === undefined) return undefined;
  if (name === undefined) return fixedName(cx, right) === undefined ? undefined : comparisonWith(cx, right, mirror, left);
  return comparisonWith(cx, left, op, right);
}

function comparisonWith(cx: Context, named: Expr, op: string, other: Expr): Formula | undefined {
  const name = fixedName(cx, named);
  const { value } = cx.speculate(() => [cx.evaluate(named), cx.evaluate(other)] as const);
  const [float, bound] = value;
  const number = bound.kind === 'int' || bound.kind === 'float' ? numberOf(bound) : undefined;
  if (name === undefined || float.kind !== 'float' || number === undefined) return undefined;
  const positive = opposites[op] ?? (op as Comparison['op']);
  const text = `${name} ${positive} ${cx.module.file.text.slice(other.span.start, other.span.end)}`;
  const compares = { name, op: positive, value: number };
  const atom: Formula = { kind: 'atom', atom: { key: `${name} ${positive} ${number}`, text, compares } };
  return positive === op ? atom : negation(atom);
}
