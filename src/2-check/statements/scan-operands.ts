import type { Expr, ScanStmt } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import type { Dim } from '../../dims/dim.js';
import type { Context } from '../context.js';
import { axisOf } from '../expressions/attr-values.js';
import { reportNotTensor } from '../expressions/not-a-tensor.js';
import { failureOf } from '../sizes/failure.js';
import { adviceToState } from '../sizes/suggested-facts.js';
import { demanded } from '../values/absence.js';
import { type CheckValue, describe, type Local } from '../values/values.js';

/** A tensor that a scan steps through, and along which of its axes. */
export interface Operand {
  readonly local: Local;
  readonly axis: number;
  readonly span: Span;
}

export interface Operands {
  /** Whether they were given as a tuple, which a pattern takes apart. */
  readonly isTuple: boolean;
  readonly operands: readonly Operand[];
  /** The number of steps. */
  readonly length: Dim;
  /** What is emitted is stacked along this axis; counted from the end if the axis was written so. */
  readonly stackAxis: number;
}

/** What a scan steps through; `undefined` if something is wrong, which is reported, or not known. */
export function operandsOf(cx: Context, { over, axis }: ScanStmt): Operands | undefined {
  const value = cx.evaluate(over);
  const axes = cx.evaluate(axis);
  if (value.kind === 'unknown' || axes.kind === 'unknown') return undefined;
  const isTuple = value.kind === 'tuple' || value.kind === 'list';
  const tensors = isTuple ? value.items : [value];
  const exprs = partsOf(over, tensors.length);
  const each = axes.kind === 'tuple' || axes.kind === 'list' ? axes.items : tensors.map(() => axes);
  if (tensors.length === 0 || each.length !== tensors.length) {
    cx.error('scan-axes', axis.span, { axes: each.length, operands: tensors.length });
    return undefined;
  }
  const axisExprs = axes.kind === 'tuple' || axes.kind === 'list' ? partsOf(axis, each.length) : tensors.map(() => axis);
  const operands: Operand[] = [];
  let stackAxis: number | undefined;
  for (const [i, item] of tensors.entries()) {
    const span = exprs[i]?.span ?? over.span;
    const tensor = demanded(cx, item, span, exprs[i]);
    if (tensor.kind === 'unknown') return undefined;
    if (tensor.kind !== 'tensor') {
      reportNotTensor(cx, tensor, span, 'a `scan` steps through tensors');
      return undefined;
    }
    const written = axisAt(cx, each[i] as CheckValue, axisExprs[i] ?? axis, tensor.local, exprs[i]);
    if (written === undefined) return undefined;
    stackAxis ??= written;
    operands.push({ local: tensor.local, axis: written < 0 ? written + tensor.local.type.shape.length : written, span });
  }
  const length = commonLength(cx, operands);
  return length === undefined ? undefined : { isTuple, operands, length, stackAxis: stackAxis ?? 0 };
}

/** The expressions of the items, where they are written one by one. */
function partsOf(expr: Expr, count: number): readonly (Expr | undefined)[] {
  const items = expr.kind === 'tuple' || expr.kind === 'list' ? expr.items.map((item) => item.value) : count === 1 ? [expr] : [];
  return items.length === count ? items : Array.from({ length: count }, () => undefined);
}

/** An axis as it is written, by number or by name. A name may mean another axis in each operand. */
function axisAt(cx: Context, value: CheckValue, expr: Expr, local: Local, operand: Expr | undefined): number | undefined {
  const rank = local.type.shape.length;
  const found = axisOf(cx, value, { value, span: expr.span, expr }, local.type, 'axis', operand ?? expr);
  if (found === undefined) {
    cx.error('argument-kind', expr.span, { callee: 'scan', name: 'axis', wanted: 'an axis', got: describe(value, (t) => cx.show(t)) });
    return undefined;
  }
  if (typeof found !== 'number') return undefined;
  if (found >= -rank && found < rank) return found;
  const axes = rank === 0 ? 'a scalar has no axes' : `${cx.show(local.type)} has ${rank} ${rank === 1 ? 'axis' : 'axes'}`;
  cx.error('bad-axis', expr.span, { message: `there is no axis ${found}: ${axes}` });
  return undefined;
}

/** All operands have as many steps as the first one. */
function commonLength(cx: Context, operands: readonly Operand[]): Dim | undefined {
  const [first, ...others] = operands;
  if (first === undefined) return undefined;
  const length = lengthOf(first);
  for (const other of others) {
    const size = lengthOf(other);
    const fact = { kind: 'equal', left: length, right: size } as const;
    const failure = failureOf(cx, fact, 'scan-lengths', other.span);
    if (failure === undefined) continue;
    const notes = [{ span: first.span, text: `this has ${length}` }];
    cx.error(
      'scan-lengths',
      other.span,
      { wanted: String(length), got: String(size), ...failure },
      { notes, ...adviceToState(cx, [fact]) },
    );
    return undefined;
  }
  return length;
}

function lengthOf({ local, axis }: Operand): Dim {
  return local.type.shape[axis] as Dim; // the axis exists
}
