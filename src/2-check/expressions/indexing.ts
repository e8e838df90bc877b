import type { Expr, IndexExpr, IndexItem } from '../../1-syntax/ast.js';
import type { IndexTensor } from '../../diagnostics/catalog/indices.js';
import type { Span } from '../../diagnostics/span.js';
import { decideAtLeast } from '../../dims/decide.js';
import { Dim } from '../../dims/dim.js';
import type { AtLeast } from '../../dims/fact.js';
import { isInt } from '../../ops/types.js';
import type { Context } from '../context.js';
import { sourceOf } from '../pytorch/source.js';
import { failureOf } from '../sizes/failure.js';
import { reportOpen } from '../sizes/open-sizes.js';
import { adviceToState } from '../sizes/suggested-facts.js';
import { type CheckValue, describe, type TensorValue, unknown } from '../values/values.js';
import { maskIn, selectByMask } from './masks.js';

/** `xs[i]` on a list, `x[:, 0]`, `x[.., 0..T]` on a tensor. */
export function evaluateIndex(cx: Context, expr: IndexExpr): CheckValue {
  const object = cx.evaluate(expr.object);
  if (object.kind === 'unknown') return unknown;
  if (object.kind === 'list' || object.kind === 'tuple') return ofList(cx, object.items, expr);
  if (object.kind === 'tensor') return ofTensor(cx, object, expr);
  cx.error('not-indexable', expr.object.span, { what: describe(object, (t) => cx.show(t)) });
  return unknown;
}

function ofList(cx: Context, items: readonly CheckValue[], expr: IndexExpr): CheckValue {
  const [item, ...more] = expr.items;
  if (item === undefined || more.length > 0 || item.kind === 'ellipsis') {
    cx.error('bad-list-index', expr.span, {});
    return unknown;
  }
  if (item.kind === 'all') return { kind: 'list', items };
  if (item.kind === 'at') {
    const value = cx.evaluate(item.value);
    if (value.kind === 'list') {
      // `xs[0..2]` reads as one range.
      const picked = value.items.map((v) => (v.kind === 'int' ? items[v.dim.constant ?? -1] : undefined));
      if (picked.every((v) => v !== undefined)) return { kind: 'list', items: picked };
    }
    if (value.kind !== 'int') {
      if (value.kind !== 'unknown')
        cx.error('not-an-integer', item.span, { what: describe(value, (t) => cx.show(t)), where: 'the index of a list' });
      return unknown;
    }
    const at = knownPosition(cx, value.dim, item.span, 'the index of a list');
    if (at === undefined) return unknown;
    const found = items.at(at);
    if (found === undefined) cx.error('list-index-range', item.span, { index: at, length: items.length });
    return found ?? unknown;
  }
  const from = item.start === undefined ? 0 : constantIndex(cx, item.start, 'the start of a slice of a list');
  const to = item.end === undefined ? items.length : constantIndex(cx, item.end, 'the end of a slice of a list');
  if (from === undefined || to === undefined) return unknown;
  const step = item.step === undefined ? 1 : constantIndex(cx, item.step, 'the step of a slice');
  if (step === undefined) return unknown;
  if (step < 1) {
    cx.error('bad-step', item.step?.span ?? item.span, { step });
    return unknown;
  }
  return { kind: 'list', items: items.slice(from, to).filter((_, i) => i % step === 0) };
}

/** A tensor in an index that is not a mask. */
function indexTensor(cx: Context, { local: object }: TensorValue, { local }: TensorValue, expr: IndexExpr, span: Span): IndexTensor {
  const { dtype, shape } = local.type;
  const hasAxesOfMask = shape.length > 0 && shape.every((size, axis) => object.type.shape[axis]?.key === size.key);
  return {
    object: sourceOf(cx, expr.object.span),
    text: sourceOf(cx, span),
    isPositions: isInt(dtype),
    isMask: !isInt(dtype) || (hasAxesOfMask && expr.items.length === 1),
  };
}

/**
 * The number given as a position of a list or as a step; undefined if it is not a number, which is reported, or if it is not known while
 * sizes are variables.
 */
function constantIndex(cx: Context, expr: Expr, where: string): number | undefined {
  const value = cx.evaluate(expr);
  if (value.kind === 'int') return knownPosition(cx, value.dim, expr.span, where);
  if (value.kind !== 'unknown') cx.error('not-an-integer', expr.span, { what: describe(value, (t) => cx.show(t)), where });
  return undefined;
}

function knownPosition(cx: Context, position: Dim, span: Span, where: string): number | undefined {
  if (position.constant === undefined && !cx.rigid) reportOpen(cx, span, where, position);
  return position.constant;
}

function ofTensor(cx: Context, object: TensorValue, expr: IndexExpr): CheckValue {
  const values = expr.items.map((item) => (item.kind === 'at' ? cx.evaluate(item.value) : unknown));
  const masked = maskIn(expr.items, values);
  return masked === undefined ? ofPositions(cx, object, values, expr) : selectByMask(cx, object, masked, expr);
}

/** `values` are those of the positions among the items. */
function ofPositions(cx: Context, object: TensorValue, values: readonly CheckValue[], expr: IndexExpr): CheckValue {
  const rank = object.local.type.shape.length;
  const named = expr.items.filter((i) => i.kind !== 'ellipsis').length;
  const gaps = expr.items.length - named;
  if (gaps > 1) {
    cx.error('two-ellipses', expr.span, {});
    return unknown;
  }
  if (named > rank) {
    cx.error('too-many-indices', expr.span, { count: named, type: cx.show(object.local.type) });
    return unknown;
  }
  // Positions are applied last, so that the axes of slices keep their numbers.
  let current: CheckValue = object;
  const positions: { axis: number; value: number | Dim; span: Span }[] = [];
  let axis = 0;
  for (const [i, item] of expr.items.entries()) {
    if (item.kind === 'ellipsis') {
      axis += rank - named;
      continue;
    }
    if (item.kind === 'slice') current = slice(cx, current, axis, item, expr.span);
    if (item.kind === 'at') {
      const value = values[i] ?? unknown;
      if (value.kind === 'list' && item.value.kind === 'range')
        current = slice(cx, current, axis, { kind: 'slice', start: item.value.start, end: item.value.end, span: item.span }, expr.span);
      else if (value.kind === 'int') {
        if (!inRange(cx, value.dim, object.local.type.shape[axis] ?? Dim.of(0), item.span)) return unknown;
        positions.push({ axis, value: value.dim, span: item.span });
      } else if (value.kind !== 'unknown') {
        const tensor = value.kind === 'tensor' ? indexTensor(cx, object, value, expr, item.span) : undefined;
        cx.error('bad-tensor-index', item.span, { what: describe(value, (t) => cx.show(t)), tensor, isList: value.kind === 'list', axis });
        return unknown;
      } else return unknown;
    }
    if (current.kind !== 'tensor') return unknown;
    axis++;
  }
  for (const { axis: at, value } of positions.reverse()) {
    if (current.kind !== 'tensor') return unknown;
    current = cx.interpreter.callOp(cx, 'index_at', [current], { axis: at, position: value }, expr.span);
  }
  return current;
}

/** Whether `position` is within the axis for all sizes: `-size <= position < size`. */
function inRange(cx: Context, position: Dim, size: Dim, span: Span): boolean {
  const negative = position.constant !== undefined && position.constant < 0;
  const least = negative ? position.neg() : position.add(1);
  const answer = decideAtLeast(size, least, cx.facts);
  if (answer.kind === 'proved') return true;
  if (answer.kind === 'never') {
    cx.error('index-range', span, { index: String(position), size: String(size), witness: undefined });
    return false;
  }
  cx.leaveOpen('index-range', span, { kind: 'at-least', left: size, right: least });
  return true;
}

/** `start..end by step` on one axis. Ends must be inside, because ONNX would clip them silently. */
function slice(cx: Context, value: CheckValue, axis: number, item: Extract<IndexItem, { kind: 'slice' }>, span: Span): CheckValue {
  if (value.kind !== 'tensor') return unknown;
  const size = value.local.type.shape[axis] ?? Dim.of(0);
  const start = item.start === undefined ? Dim.of(0) : bound(cx, item.start, size);
  const end = item.end === undefined ? size : bound(cx, item.end, size);
  const step = item.step === undefined ? 1 : constantIndex(cx, item.step, 'the step of a slice');
  if (start === undefined || end === undefined || step === undefined) return unknown;
  if (step < 1) {
    cx.error('bad-step', item.step?.span ?? item.span, { step });
    return unknown;
  }
  const demands: readonly AtLeast[] = [
    { kind: 'at-least', left: start, right: Dim.zero },
    { kind: 'at-least', left: size, right: start, written: '<=' },
    { kind: 'at-least', left: end, right: Dim.zero },
    { kind: 'at-least', left: size, right: end, written: '<=' },
  ];
  for (const [i, demand] of demands.entries()) {
    const failure = failureOf(cx, demand, 'slice-range', item.span);
    if (failure === undefined) continue;
    const [what, bound] = i < 2 ? ['starts', start] : ['ends', end];
    const params = { what, bound: String(bound), size: String(size), ...failure };
    cx.error('slice-range', item.span, params, adviceToState(cx, [demand]));
    return unknown;
  }
  return cx.interpreter.callOp(cx, 'slice', [value], { axes: [axis], starts: [start], ends: [end], steps: [step] }, span);
}

/** The end of a slice; a negative constant counts from the end of the axis. */
function bound(cx: Context, expr: Expr, size: Dim): Dim | undefined {
  const value = cx.evaluate(expr);
  if (value.kind === 'int') {
    const constant = value.dim.constant;
    return constant !== undefined && constant < 0 ? size.add(constant) : value.dim;
  }
  if (value.kind !== 'unknown')
    cx.error('not-an-integer', expr.span, { what: describe(value, (t) => cx.show(t)), where: 'the bounds of a slice' });
  return undefined;
}
