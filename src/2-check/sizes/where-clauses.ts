import type { Expr } from '../../1-syntax/ast.js';
import { exprsOf } from '../../1-syntax/walk.js';
import { Dim } from '../../dims/dim.js';
import type { Fact } from '../../dims/fact.js';
import { simplestForm } from '../../dims/simplest-form.js';
import type { Context } from '../context.js';
import { namesIn } from '../modules/signature.js';
import { compileTimeBinary } from '../values/arithmetic.js';
import type { CheckValue } from '../values/values.js';
import { demandDivisor } from './divisors.js';

/** A `where` clause, or one of the parts joined by `&&`. */
export interface Clause {
  readonly text: string;
  readonly expr: Expr;
  readonly meaning: Meaning;
}

/** What a clause says here. */
export type Meaning =
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  /** A condition whose truth is known here. */
  | { readonly kind: 'decided'; readonly holds: boolean; readonly ofSizes: boolean }
  /** A condition on hyperparameters and optional inputs, while these are open: each use tests it. `facts` follow from it. */
  | { readonly kind: 'open'; readonly facts: readonly Fact[] }
  /** Says something about sizes that no list of facts can express, or nothing at all. */
  | { readonly kind: 'refused'; readonly ofSizes: boolean };

/**
 * Reads the clauses of a `where` and passes them to `take`, which returns false to stop. They hold together: one that depends on another,
 * as `6 % (H - 1) == 0` needs `H > 1`, is read after it, whatever their order.
 */
export function readClauses(cx: Context, where: readonly Expr[], take: (clause: Clause) => boolean): void {
  let waiting = where;
  for (let before = -1; waiting.length !== before; ) {
    before = waiting.length;
    const failed: Expr[] = [];
    for (const expr of waiting) {
      const { value, kept } = cx.speculate(
        () => readClause(cx, expr),
        ({ problems }) => problems.length === 0,
      );
      if (!kept) failed.push(expr);
      else if (!value.every(take)) return;
    }
    waiting = failed;
  }
  for (const expr of waiting) if (!readClause(cx, expr).every(take)) return;
}

/**
 * Reads a clause as facts about sizes: comparisons, `E % c == 0`, `N in 1..64` (from 1, below 64, as for every range), and what reduces to
 * them, such as `!(N <= 3)`. Nothing is required of the sizes of an omitted optional input.
 */
function readClause(cx: Context, expr: Expr): readonly Clause[] {
  if (expr.kind === 'binary' && (expr.op === '&' || expr.op === '&&')) {
    const left = readClause(cx, expr.left);
    if (left.some(({ meaning }) => meaning.kind === 'decided' && !meaning.holds)) return left;
    const { facts } = cx;
    for (const { meaning } of left) for (const fact of meaning.kind === 'facts' ? meaning.facts : []) cx.facts = cx.facts.assume(fact);
    const right = readClause(cx, expr.right);
    cx.facts = facts;
    return [...left, ...right];
  }
  if (namesIn(expr).some((name) => isAbsentSize(cx, name))) return [];
  const errors = cx.problems.length;
  const text = cx.module.file.text.slice(expr.span.start, expr.span.end);
  const meaning = meaningOf(cx, expr);
  return cx.problems.length > errors || meaning === undefined ? [] : [{ text, expr, meaning }];
}

/** Undefined if it is not known, because of a mistake that was reported. */
function meaningOf(cx: Context, expr: Expr): Meaning | undefined {
  if (expr.kind !== 'binary') return conditionOf(cx, expr, cx.evaluate(expr));
  const { op, left, right } = expr;
  if (op === 'in' && right.kind === 'range') {
    const [value, start, end] = [left, right.start, right.end].map((side) => cx.evaluate(side));
    const [n, low, high] = [sizeIn(value), sizeIn(start), sizeIn(end)];
    if (n === undefined || low === undefined || high === undefined) return conditionOf(cx, expr, cx.evaluate(expr));
    return facts(atLeast(n, low), { ...atLeast(high.sub(1), n), written: '<=' });
  }
  if (op === '==' && left.kind === 'binary' && left.op === '%' && right.kind === 'number' && right.value === 0) {
    const value = sizeIn(cx.evaluate(left.left));
    const divisor = sizeIn(cx.evaluate(left.right));
    if (value !== undefined && divisor !== undefined)
      return demandDivisor(cx, divisor, left.span) ? facts({ kind: 'divides', divisor, value }) : undefined;
    return conditionOf(cx, expr, cx.evaluate(expr));
  }
  // What follows `!width? ||` is evaluated only if `width` is present.
  if (op === '||' || op === '|') return conditionOf(cx, expr, cx.evaluate(expr));
  const x = cx.evaluate(left);
  const y = cx.evaluate(right);
  const a = sizeIn(x);
  const b = sizeIn(y);
  if (a !== undefined && b !== undefined) {
    switch (op) {
      case '==':
        return facts({ kind: 'equal', left: a, right: b });
      case '>=':
        return facts(atLeast(a, b));
      case '<=':
        return facts({ ...atLeast(b, a), written: '<=' });
      case '>':
        return facts({ ...atLeast(a, b.add(1)), written: '>' });
      case '<':
        return facts({ ...atLeast(b, a.add(1)), written: '<' });
    }
  }
  return conditionOf(cx, expr, compileTimeBinary(cx, op, x, y, expr.span));
}

function facts(...all: readonly Fact[]): Meaning {
  return { kind: 'facts', facts: all };
}

function atLeast(left: Dim, right: Dim): Extract<Fact, { kind: 'at-least' }> {
  return { kind: 'at-least', left, right };
}

/** A condition that is not a comparison of sizes as it is written. */
function conditionOf(cx: Context, expr: Expr, value: CheckValue | undefined): Meaning | undefined {
  const ofSizes = mentions(expr, (name) => cx.scope.find(name)?.role === 'dim');
  const refused: Meaning = { kind: 'refused', ofSizes };
  if (value?.kind === 'unknown') return cx.rigid ? { kind: 'open', facts: [] } : refused;
  if (value?.kind !== 'bool') return { kind: 'refused', ofSizes: false };
  if (value.value !== undefined) return { kind: 'decided', holds: value.value, ofSizes };
  if (value.complete?.whenTrue === true) return { kind: 'facts', facts: (value.whenTrue ?? []).map(simplestForm) };
  const isChoice = (name: string) => ['hyper', 'input'].includes(cx.scope.find(name)?.role ?? '');
  return cx.rigid && (!ofSizes || mentions(expr, isChoice)) ? { kind: 'open', facts: value.whenTrue ?? [] } : refused;
}

function sizeIn(value: CheckValue | undefined): Dim | undefined {
  if (value?.kind === 'int') return value.dim;
  return value?.kind === 'float' && value.value !== undefined && Number.isSafeInteger(value.value) ? Dim.of(value.value) : undefined;
}

function mentions(expr: Expr, test: (name: string) => boolean): boolean {
  if (expr.kind === 'name') return test(expr.name);
  return exprsOf(expr).some((inner) => mentions(inner, test));
}

function isAbsentSize(cx: Context, name: string): boolean {
  const binding = cx.scope.find(name);
  return binding?.role === 'dim' && binding.value.kind === 'absent';
}
