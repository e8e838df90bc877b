import type { BinaryExpr, Expr, MemberExpr, StringExpr } from '../../1-syntax/ast.js';
import { unreachable } from '../../diagnostics/internal-error.js';
import { Dim, DimError, DimLimitError, DivisionError } from '../../dims/dim.js';
import { isInt } from '../../ops/types.js';
import type { Context } from '../context.js';
import { weightOf } from '../layers/weights.js';
import { entryMember } from '../models/entry-member.js';
import { evaluateName } from '../modules/names.js';
import { reportPrefix } from '../modules/unknown-names.js';
import { sourceOf } from '../pytorch/source.js';
import { reportOpen } from '../sizes/open-sizes.js';
import { reportPythonRange } from '../statements/loops.js';
import { demanded } from '../values/absence.js';
import { compileTimeBinary, not } from '../values/arithmetic.js';
import { textOf } from '../values/builtins.js';
import { ifValue } from '../values/conditions.js';
import { negation } from '../values/formula.js';
import { formulaOf } from '../values/formula-of.js';
import { literalValue } from '../values/literals.js';
import { promote } from '../values/scalars.js';
import { boundedText, collection, demandItems } from '../values/value-limits.js';
import { type CheckValue, describe, type TensorValue, unknown } from '../values/values.js';
import { call, labelled, pipe } from './applications.js';
import { checkedAs } from './ascriptions.js';
import { condValue } from './cond.js';
import { evaluateIndex } from './indexing.js';
import { reportMember } from './members.js';
import { reportSeveral } from './outputs.js';

/** The value of an expression, which must be present. Never throws for the user's mistakes: they are reported and the value is `unknown`. */
export function evaluate(cx: Context, expr: Expr): CheckValue {
  return demanded(cx, evaluateOptional(cx, expr), expr.span, expr);
}

/** The same where the value may be `none`. */
export function evaluateOptional(cx: Context, expr: Expr): CheckValue {
  // Nothing can be said about what follows a `return` inside an expression.
  if (cx.flow !== 'goes-on') return unknown;
  if (!cx.session.enter()) {
    cx.error('evaluation-depth', expr.span, { limit: cx.session.limits.evaluationDepth });
    return unknown;
  }
  try {
    const value = evaluateUnguarded(cx, expr);
    cx.session.observer?.(expr, value);
    return value;
  } catch (error) {
    if (!(error instanceof DimError)) throw error;
    if (error instanceof DivisionError) cx.error('division-by-zero', expr.span, { divisor: Dim.of(error.divisor), witness: undefined });
    else if (error instanceof DimLimitError) cx.error(error.code, expr.span, { message: error.message });
    return unknown;
  } finally {
    cx.session.leave();
  }
}

function evaluateUnguarded(cx: Context, expr: Expr): CheckValue {
  switch (expr.kind) {
    case 'number':
    case 'bool':
    case 'none':
      return literalValue(expr) ?? unknown;
    case 'string':
      return stringValue(cx, expr);
    case 'name':
      return evaluateName(cx, expr);
    case 'list':
      return listValue(cx, expr);
    case 'comprehension':
      return comprehension(cx, expr);
    case 'tuple': {
      const items = expr.items.map((item) => cx.evaluateOptional(item.value));
      const names = expr.items.map((item) => item.name?.text ?? (item.value.kind === 'name' ? item.value.name : undefined));
      return collection(cx, { kind: 'tuple', items, names, written: expr.items.map((item) => item.name) }, expr.span);
    }
    case 'call':
      return call(cx, expr, undefined, []);
    case 'index':
      return evaluateIndex(cx, expr);
    case 'member':
      return member(cx, expr);
    case 'present':
      return present(cx, expr);
    case 'unary':
      return unary(cx, expr);
    case 'binary':
      return binary(cx, expr);
    case 'range':
      return rangeValue(cx, expr);
    case 'pipe':
      return pipe(cx, expr);
    case 'label':
      return labelled(cx, expr, []);
    case 'as':
      return checkedAs(cx, expr);
    case 'if':
      return ifValue(cx, expr);
    case 'cond':
      return condValue(cx, expr);
    case 'rearrange-pattern':
      cx.error('misplaced-pattern', expr.span, {});
      return unknown;
    case 'error':
      return unknown;
    default:
      return unreachable(expr, 'expression');
  }
}

function stringValue(cx: Context, expr: StringExpr): CheckValue {
  let text: string | undefined = '';
  for (const part of expr.parts) {
    const piece = typeof part === 'string' ? part : textOf(cx.evaluate(part));
    text = text === undefined || piece === undefined ? undefined : text + piece;
  }
  return boundedText(cx, text, expr.span);
}

function listValue(cx: Context, { items, span }: Extract<Expr, { kind: 'list' }>): CheckValue {
  const values: CheckValue[] = [];
  for (const { value: item, spread } of items) {
    const value = cx.evaluate(item);
    if (!spread) values.push(value);
    else if (value.kind === 'list' || value.kind === 'tuple') {
      if (!demandItems(cx, value.items.length, span)) return unknown;
      for (const inner of value.items) values.push(demanded(cx, inner, item.span));
    } else {
      if (value.kind !== 'unknown') cx.error('not-a-list', item.span, { what: describe(value, (t) => cx.show(t)) });
      return unknown;
    }
  }
  return collection(cx, { kind: 'list', items: values }, span);
}

function comprehension(cx: Context, expr: Extract<Expr, { kind: 'comprehension' }>): CheckValue {
  if (reportPythonRange(cx, expr.iterable)) return unknown;
  const source = cx.evaluate(expr.iterable);
  if (source.kind !== 'list' && source.kind !== 'tuple') {
    if (source.kind !== 'unknown') cx.error('not-a-list', expr.iterable.span, { what: describe(source, (t) => cx.show(t)) });
    return unknown;
  }
  const items: CheckValue[] = [];
  const errors = cx.problems.length;
  for (const item of source.items) {
    if (!cx.session.countIteration()) {
      cx.error('too-many-iterations', expr.span, { limit: cx.session.limits.iterations });
      return unknown;
    }
    items.push(
      cx.nested(() => {
        cx.interpreter.bindPattern(cx, expr.target, item, 'loop');
        return cx.evaluate(expr.value);
      }),
    );
    // A mistake in one item is repeated in the next ones, and is reported once.
    if (cx.problems.length > errors) return unknown;
  }
  return collection(cx, { kind: 'list', items }, expr.span);
}

/** `0..n` as a list; unknown where `n` is a variable. */
function rangeValue(cx: Context, expr: Extract<Expr, { kind: 'range' }>): CheckValue {
  const start = cx.evaluate(expr.start);
  const end = cx.evaluate(expr.end);
  if (start.kind !== 'int' || end.kind !== 'int') {
    for (const [value, side] of [
      [start, expr.start],
      [end, expr.end],
    ] as const) {
      if (value.kind !== 'unknown' && value.kind !== 'int')
        cx.error('not-an-integer', side.span, { what: describe(value, (t) => cx.show(t)), where: 'the bounds of a range' });
    }
    return unknown;
  }
  const from = start.dim.constant;
  const to = end.dim.constant;
  if (from === undefined || to === undefined) {
    if (!cx.rigid) reportOpen(cx, expr.span, 'the length of this range', end.dim.sub(start.dim));
    return unknown;
  }
  if (to - from > cx.session.limits.iterations) {
    cx.error('too-many-iterations', expr.span, { limit: cx.session.limits.iterations });
    return unknown;
  }
  if (!demandItems(cx, Math.max(0, to - from), expr.span)) return unknown;
  return { kind: 'list', items: Array.from({ length: Math.max(0, to - from) }, (_, i) => ({ kind: 'int', dim: Dim.of(from + i) })) };
}

// ---------------------------------------------------------------- members, presence, operators

function member(cx: Context, expr: MemberExpr): CheckValue {
  if (reportPrefix(cx, expr)) return unknown;
  const object = cx.evaluate(expr.object);
  const name = expr.name.text;
  switch (object.kind) {
    case 'unknown':
      return unknown;
    case 'namespace':
      return { kind: 'namespace', member: name };
    case 'tensor':
      if (name === 'T') {
        const rank = object.local.type.shape.length;
        if (rank >= 2)
          return cx.interpreter.callOp(cx, 'transpose', [object], { perm: [...Array(rank - 2).keys(), rank - 1, rank - 2] }, expr.span);
        cx.error('rank-mismatch', expr.span, { message: `\`.T\` swaps the last two axes, but this tensor has rank ${rank}` });
        return unknown;
      }
      break;
    case 'tuple': {
      const at = object.names?.indexOf(name) ?? -1;
      const item = object.items[at];
      if (item !== undefined) return item;
      break;
    }
    case 'layer':
      return object.decl.inputs === undefined ? entryMember(cx, object, expr) : weightOf(cx, object, expr);
    case 'record': {
      const field = object.fields.get(name);
      if (field !== undefined) return field;
      break;
    }
    default:
  }
  reportMember(cx, expr, object);
  return unknown;
}

function present(cx: Context, expr: Extract<Expr, { kind: 'present' }>): CheckValue {
  const known = expr.object.kind === 'name' ? cx.scope.find(expr.object.name) : undefined;
  // A size of an optional input is present if the input is.
  const value = known?.role === 'dim' ? known.value : cx.evaluateOptional(expr.object);
  const isOpen = value.kind === 'unknown' || value.kind === 'maybe';
  return { kind: 'bool', value: isOpen ? undefined : value.kind !== 'absent' };
}

function unary(cx: Context, expr: Extract<Expr, { kind: 'unary' }>): CheckValue {
  const value = cx.evaluate(expr.operand);
  switch (value.kind) {
    case 'unknown':
      return unknown;
    case 'int':
      if (expr.op === '-') return { kind: 'int', dim: value.dim.neg() };
      break;
    case 'float':
      if (expr.op === '-') return { kind: 'float', value: value.value === undefined ? undefined : -value.value };
      break;
    case 'bool':
      if (expr.op === '!') return not(value);
      break;
    case 'tensor':
      if (expr.op === '!' && reportNotCondition(cx, expr, value)) return unknown;
      return cx.interpreter.callOp(cx, expr.op === '-' ? 'neg' : 'logical_not', [value], {}, expr.span);
    default:
  }
  cx.error('bad-operand', expr.span, { op: expr.op, what: [describe(value, (t) => cx.show(t))] });
  return unknown;
}

/** `!x > 0` is `(!x) > 0`, as in C; Python's `not x > 0` is `!(x > 0)`. */
function reportNotCondition(cx: Context, expr: Extract<Expr, { kind: 'unary' }>, { local }: TensorValue): boolean {
  if (local.type.dtype === 'bool') return false;
  const what = `a tensor ${cx.show(local.type)}`;
  const text = sourceOf(cx, expr.operand.span);
  const operand = expr.operand.kind === 'name' ? text : 'x';
  const help = `\`!\` binds more tightly than comparisons: write \`!(${operand} > 0)\`, or \`${operand} == 0\` for where it is zero`;
  cx.error('bad-operand', expr.span, { op: '!', what: [what] }, { help });
  return true;
}

const tensorOps: Readonly<Record<BinaryExpr['op'], string | undefined>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'floor_div',
  '%': 'mod',
  '@': 'matmul',
  '**': 'pow',
  '<': 'less',
  '<=': 'less_equal',
  '>': 'greater',
  '>=': 'greater_equal',
  '==': 'equal',
  '!=': 'not_equal',
  '&': 'logical_and',
  '|': 'logical_or',
  '&&': 'logical_and',
  '||': 'logical_or',
  in: undefined,
};

/** The right operand: that of `a && b` matters if `a` holds, that of `a || b` if it does not. */
function rightOf(cx: Context, { op, left, right }: BinaryExpr, value: CheckValue): CheckValue {
  const isAnd = op === '&&' || op === '&';
  if (!cx.rigid || value.kind !== 'bool' || (!isAnd && op !== '||' && op !== '|')) return cx.evaluate(right);
  const { path } = cx;
  const holds = formulaOf(cx, left);
  cx.path = [...path, isAnd ? holds : negation(holds)];
  try {
    return cx.evaluate(right);
  } finally {
    cx.path = path;
  }
}

/** In Python, `&` and `|` combine the bits of integers. */
function reportBits(cx: Context, { op, left, right, span }: BinaryExpr, a: CheckValue, b: CheckValue): boolean {
  if (op !== '&' && op !== '|') return false;
  if (![a, b].some((value) => value.kind === 'tensor' && isInt(value.local.type.dtype))) return false;
  const written = `onnx.${op === '&' ? 'BitwiseAnd' : 'BitwiseOr'}(${sourceOf(cx, left.span)}, ${sourceOf(cx, right.span)})`;
  const what = [a, b].map((value) => describe(value, (t) => cx.show(t)));
  cx.error('bad-operand', span, { op, what }, { help: `\`${op}\` is for conditions; the bits of integers are combined by \`${written}\`` });
  return true;
}

function binary(cx: Context, expr: BinaryExpr): CheckValue {
  const left = cx.evaluate(expr.left);
  // `a && b` does not evaluate `b` if `a` decides, so `len(xs) > 0 && xs[0] == 1` is safe.
  if (left.kind === 'bool' && left.value !== undefined) {
    if ((expr.op === '&&' || expr.op === '&') && !left.value) return left;
    if ((expr.op === '||' || expr.op === '|') && left.value) return left;
  }
  const right = rightOf(cx, expr, left);
  if (left.kind === 'unknown' || right.kind === 'unknown') return unknown;
  for (const [value, side] of [
    [left, expr.left],
    [right, expr.right],
  ] as const) {
    const isOutputs = value.kind === 'tuple' && value.written === undefined;
    if (isOutputs && reportSeveral(cx, value, side.span)) return unknown;
  }
  const op = tensorOps[expr.op];
  if (expr.op === '-' && left.kind === 'int' && right.kind === 'tensor' && right.local.type.dtype === 'bool') {
    const opposite = /^[\w.]+$/.test(sourceOf(cx, expr.right.span))
      ? `!${sourceOf(cx, expr.right.span)}`
      : `!(${sourceOf(cx, expr.right.span)})`;
    cx.error(
      'bad-operand',
      expr.span,
      { op: '-', what: ['an integer', 'a tensor of booleans'] },
      { help: `the opposite of a condition is \`${opposite}\`` },
    );
    return unknown;
  }
  if (reportBits(cx, expr, left, right)) return unknown;
  if (left.kind === 'tensor' || right.kind === 'tensor') {
    const a =
      left.kind === 'tensor' ? left : right.kind === 'tensor' ? promote(cx, left, right.local.type.dtype, expr.left.span) : undefined;
    const b =
      right.kind === 'tensor' ? right : left.kind === 'tensor' ? promote(cx, right, left.local.type.dtype, expr.right.span) : undefined;
    if (a?.kind === 'unknown' || b?.kind === 'unknown') return unknown;
    if (a !== undefined && b !== undefined && op !== undefined) return cx.interpreter.callOp(cx, op, [a, b], {}, expr.span);
  } else {
    const value = compileTimeBinary(cx, expr.op, left, right, expr.span);
    if (value !== undefined && !(value.kind === 'float' && value.value === undefined && !cx.rigid)) return value;
    // A number computed from sizes that are known only at run time is computed at run time.
    if (value !== undefined && op !== undefined) {
      const a = promote(cx, left, cx.float, expr.left.span);
      const b = promote(cx, right, cx.float, expr.right.span);
      if (a?.kind === 'unknown' || b?.kind === 'unknown') return unknown;
      if (a !== undefined && b !== undefined) return cx.interpreter.callOp(cx, op, [a, b], {}, expr.span);
    }
  }
  // `x -> fc: Linear(8) + x`: a pipeline ends with its expression.
  const stage = [left, right].find(({ kind }) => kind === 'layer' || kind === 'fn');
  const example = stage?.kind === 'fn' ? 'relu' : 'fc: Linear(8)';
  const help =
    stage === undefined
      ? undefined
      : `\`->\` binds more loosely than \`${expr.op}\`: put the pipeline in parentheses, \`(x -> ${example}) ${expr.op} x\``;
  cx.error('bad-operand', expr.span, { op: expr.op, what: [left, right].map((v) => describe(v, (t) => cx.show(t))) }, { help });
  return unknown;
}
