import type { BinaryOp } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import { decideAtLeast, decideEqual } from '../../dims/decide.js';
import type { Dim } from '../../dims/dim.js';
import type { Fact } from '../../dims/fact.js';
import { floorQuotientOf, remainderOf } from '../../ops/nd/floor-divide.js';
import { powerOf } from '../../ops/nd/power.js';
import type { Context } from '../context.js';
import { demandDivisor, demandExact } from '../sizes/divisors.js';
import { boundedText, collection } from './value-limits.js';
import { type BoolValue, type CheckValue, keyOf, type LayerValue, unknown } from './values.js';

/** A binary operator on compile-time values; `undefined` if the operands are not of its kinds. */
export function compileTimeBinary(cx: Context, op: BinaryOp, left: CheckValue, right: CheckValue, span: Span): CheckValue | undefined {
  if (left.kind === 'unknown' || right.kind === 'unknown') return unknown;
  if (left.kind === 'int' && right.kind === 'int') return onInts(cx, op, left.dim, right.dim, span);
  if ((left.kind === 'int' || left.kind === 'float') && (right.kind === 'int' || right.kind === 'float')) return onNumbers(op, left, right);
  if (left.kind === 'bool' && right.kind === 'bool') return onBools(op, left, right);
  if (left.kind === 'string' && right.kind === 'string') return onStrings(cx, op, left.value, right.value, span);
  if (left.kind === 'list' && right.kind === 'list' && op === '+')
    return collection(cx, { kind: 'list', items: [...left.items, ...right.items] }, span);
  if (op === 'in' && (right.kind === 'list' || right.kind === 'tuple')) return membership(cx, left, right.items, span);
  if (op === '==' || op === '!=') return sameness(cx, op, left, right, span);
  return undefined;
}

function onInts(cx: Context, op: BinaryOp, a: Dim, b: Dim, span: Span): CheckValue | undefined {
  const int = (dim: Dim): CheckValue => ({ kind: 'int', dim });
  switch (op) {
    case '+':
      return int(a.add(b));
    case '-':
      return int(a.sub(b));
    case '*':
      return int(a.mul(b));
    case '//':
      return demandDivisor(cx, b, span) ? int(a.floorDiv(b)) : unknown;
    case '%':
      return demandDivisor(cx, b, span) ? int(a.mod(b)) : unknown;
    case '/':
      return exactQuotient(cx, a, b, span);
    case '**': {
      const power = b.constant;
      // A power with an open exponent is not a size: while sizes are variables it may still be a number, and in a model it is a float that
      // is computed at run time.
      if (power === undefined) return cx.rigid ? unknown : { kind: 'float', value: undefined };
      if (power < 0) return { kind: 'float', value: a.constant === undefined ? undefined : a.constant ** power };
      return int(a.pow(power));
    }
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compareInts(cx, op, a, b);
    default:
      return undefined;
  }
}

function exactQuotient(cx: Context, a: Dim, b: Dim, span: Span): CheckValue {
  return demandExact(cx, b, a, span) ? { kind: 'int', dim: a.floorDiv(b) } : unknown;
}

function compareInts(cx: Context, op: '==' | '!=' | '<' | '<=' | '>' | '>=', a: Dim, b: Dim): BoolValue {
  switch (op) {
    case '==':
      return decided(cx, a, b, { kind: 'equal', left: a, right: b });
    case '!=':
      return not(decided(cx, a, b, { kind: 'equal', left: a, right: b }));
    case '>=':
      return decided(cx, a, b, { kind: 'at-least', left: a, right: b });
    case '<':
      return not(decided(cx, a, b, { kind: 'at-least', left: a, right: b }));
    case '<=':
      return decided(cx, a, b, { kind: 'at-least', left: b, right: a });
    case '>':
      return not(decided(cx, a, b, { kind: 'at-least', left: b, right: a }));
  }
}

/** Whether a fact holds: known, or open, with what each branch may assume. */
function decided(cx: Context, a: Dim, b: Dim, fact: Extract<Fact, { kind: 'equal' | 'at-least' }>): BoolValue {
  const answer = fact.kind === 'equal' ? decideEqual(fact.left, fact.right, cx.facts) : decideAtLeast(fact.left, fact.right, cx.facts);
  if (answer.kind === 'proved') return { kind: 'bool', value: true };
  if (answer.kind === 'never') return { kind: 'bool', value: false };
  const opposite: readonly Fact[] = fact.kind === 'equal' ? [] : [{ kind: 'at-least', left: fact.right, right: fact.left.add(1) }];
  const names = [...new Set([...a.variables(), ...b.variables()])];
  const complete = { whenTrue: true, whenFalse: fact.kind === 'at-least' };
  return { kind: 'bool', value: undefined, whenTrue: [fact], whenFalse: opposite, complete, dependsOn: names };
}

export function not(value: BoolValue): BoolValue {
  if (value.value !== undefined) return { kind: 'bool', value: !value.value };
  const { complete } = value;
  return {
    ...value,
    whenTrue: value.whenFalse ?? [],
    whenFalse: value.whenTrue ?? [],
    ...(complete === undefined ? {} : { complete: { whenTrue: complete.whenFalse, whenFalse: complete.whenTrue } }),
  };
}

function onBools(op: BinaryOp, a: BoolValue, b: BoolValue): CheckValue | undefined {
  switch (op) {
    case '&':
    case '&&':
      return and(a, b);
    case '|':
    case '||':
      return not(and(not(a), not(b)));
    case '==':
    case '!=': {
      const [open, known] = a.value === undefined ? [a, b] : [b, a];
      if (known.value !== undefined) return known.value === (op === '==') ? open : not(open);
      return { kind: 'bool', value: undefined, ...dependsOnBoth(a, b) };
    }
    default:
      return undefined;
  }
}

function and(a: BoolValue, b: BoolValue): BoolValue {
  if (a.value === false || b.value === false) return { kind: 'bool', value: false };
  if (a.value === true) return b;
  if (b.value === true) return a;
  return {
    kind: 'bool',
    value: undefined,
    whenTrue: [...(a.whenTrue ?? []), ...(b.whenTrue ?? [])],
    complete: { whenTrue: a.complete?.whenTrue === true && b.complete?.whenTrue === true, whenFalse: false },
    ...dependsOnBoth(a, b),
  };
}

function dependsOnBoth(a: BoolValue, b: BoolValue): Pick<BoolValue, 'dependsOn'> {
  const names = [...(a.dependsOn ?? []), ...(b.dependsOn ?? [])];
  return names.length === 0 ? {} : { dependsOn: names };
}

function onStrings(cx: Context, op: BinaryOp, a: string | undefined, b: string | undefined, span: Span): CheckValue | undefined {
  const known = a !== undefined && b !== undefined;
  switch (op) {
    case '+':
      return boundedText(cx, known ? a + b : undefined, span);
    case '==':
      return { kind: 'bool', value: known ? a === b : undefined };
    case '!=':
      return { kind: 'bool', value: known ? a !== b : undefined };
    default:
      return undefined;
  }
}

type NumberValue = Extract<CheckValue, { kind: 'int' | 'float' }>;

/** The float value of a number, if it is known. */
export function numberOf(value: NumberValue): number | undefined {
  return value.kind === 'float' ? value.value : value.dim.constant;
}

function onNumbers(op: BinaryOp, left: NumberValue, right: NumberValue): CheckValue | undefined {
  const a = numberOf(left);
  const b = numberOf(right);
  const known = a !== undefined && b !== undefined;
  const float = (f: (a: number, b: number) => number): CheckValue => ({ kind: 'float', value: known ? f(a, b) : undefined });
  const bool = (f: (a: number, b: number) => boolean): CheckValue => ({ kind: 'bool', value: known ? f(a, b) : undefined });
  switch (op) {
    case '+':
      return float((x, y) => x + y);
    case '-':
      return float((x, y) => x - y);
    case '*':
      return float((x, y) => x * y);
    case '/':
      return float((x, y) => x / y);
    case '//':
      return float(floorQuotientOf);
    case '%':
      return float(remainderOf);
    case '**':
      return float(powerOf);
    case '==':
      return bool((x, y) => x === y);
    case '!=':
      return bool((x, y) => x !== y);
    case '<':
      return bool((x, y) => x < y);
    case '<=':
      return bool((x, y) => x <= y);
    case '>':
      return bool((x, y) => x > y);
    case '>=':
      return bool((x, y) => x >= y);
    default:
      return undefined;
  }
}

function membership(cx: Context, value: CheckValue, items: readonly CheckValue[], span: Span): CheckValue {
  let open = false;
  for (const item of items) {
    const same = compileTimeBinary(cx, '==', value, item, span);
    if (same?.kind === 'bool' && same.value === true) return { kind: 'bool', value: true };
    if (same?.kind !== 'bool' || same.value === undefined) open = true;
  }
  return { kind: 'bool', value: open ? undefined : false };
}

/** `==` on values that are not numbers: lists item by item, functions and layers by identity, see `sameCallable`. */
function sameness(cx: Context, op: '==' | '!=', left: CheckValue, right: CheckValue, span: Span): CheckValue | undefined {
  const result = (same: BoolValue): CheckValue => (op === '==' ? same : not(same));
  if ((left.kind === 'list' || left.kind === 'tuple') && left.kind === right.kind) {
    if (left.items.length !== right.items.length) return result(no);
    let all = yes;
    for (const [i, item] of left.items.entries()) {
      const other = right.items[i];
      const same = other === undefined ? undefined : compileTimeBinary(cx, '==', item, other, span);
      if (same?.kind !== 'bool') return undefined;
      all = and(all, same);
    }
    return result(all);
  }
  if (left.kind === 'record' && right.kind === 'record' && left.decl === right.decl)
    return result(sameByName(cx, left.fields, right.fields, span));
  if (left.kind === 'dtype' && right.kind === 'dtype') return result(left.dtype === right.dtype ? yes : no);
  if (isCallable(left) && isCallable(right)) return result(sameCallable(cx, left, right, span));
  return undefined;
}

const yes: BoolValue = { kind: 'bool', value: true };
const no: BoolValue = { kind: 'bool', value: false };

type Callable = Extract<CheckValue, { kind: 'fn' | 'layer' }>;

function isCallable(value: CheckValue): value is Callable {
  return value.kind === 'fn' || value.kind === 'layer';
}

/**
 * Whether two functions or layers are the same: one declaration (declarations with the same name in two files are different), one binding
 * if they are bound, and equal hyperparameters; open if it is open whether those are equal.
 */
function sameCallable(cx: Context, left: Callable, right: Callable, span: Span): BoolValue {
  const key = (value: Callable) => keyOf(value.kind === 'layer' ? withoutValues(value) : value, cx.session.idOf);
  if (key(left) !== key(right)) return no;
  return sameByName(cx, hyperOf(left), hyperOf(right), span);
}

/** Whether the hyperparameters of two layers, or the fields of two records, are equal. */
function sameByName(cx: Context, left: ReadonlyMap<string, CheckValue>, right: ReadonlyMap<string, CheckValue>, span: Span): BoolValue {
  let all = left.size === right.size ? yes : no;
  for (const [name, value] of left) {
    const other = right.get(name);
    all = and(all, other === undefined ? no : sameValue(cx, value, other, span));
  }
  return all;
}

/** Whether two values of any kinds are the same; open if one of them may be `none`. */
function sameValue(cx: Context, left: CheckValue, right: CheckValue, span: Span): BoolValue {
  if (left.kind === 'maybe' || right.kind === 'maybe') return { kind: 'bool', value: undefined };
  if (left.kind === 'absent' || right.kind === 'absent') return left.kind === right.kind ? yes : no;
  const same = compileTimeBinary(cx, '==', left, right, span);
  // Values of different kinds, such as a string and a list, cannot be compared and are not equal.
  return same === undefined ? no : same.kind === 'bool' ? same : { kind: 'bool', value: undefined };
}

/** The identity of a layer apart from its hyperparameters. */
function withoutValues(layer: LayerValue): LayerValue {
  const { given, hyper } = layer;
  return { ...layer, ...(given === undefined ? {} : { given: new Map() }), ...(hyper === undefined ? {} : { hyper: new Map() }) };
}

/** The hyperparameters of a layer: all of them, or those that it was given so far. */
function hyperOf(value: Callable): ReadonlyMap<string, CheckValue> {
  if (value.kind === 'fn') return new Map();
  return value.hyper ?? new Map([...(value.given ?? [])].map(([name, given]) => [name, given.value]));
}
