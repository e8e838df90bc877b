import type { AsExpr } from '../../1-syntax/ast.js';
import { placeKey } from '../../diagnostics/anchor.js';
import { decideEqual } from '../../dims/decide.js';
import { Dim } from '../../dims/dim.js';
import type { Context } from '../context.js';
import { reportUnknownSize } from '../modules/unknown-names.js';
import { bindNames, bindUnknown, isNew, lastStage, mayBindNames, noteNames } from '../sizes/data-sizes.js';
import { shapeOf, typeOf } from '../sizes/type-expressions.js';
import { helpForData } from '../sizes/unequal-help.js';
import { witnessOf } from '../sizes/witness-text.js';
import { type CheckValue, unknown } from '../values/values.js';
import { reportNotTensor } from './not-a-tensor.js';

export function checkedAs(cx: Context, expr: AsExpr): CheckValue {
  ascribe(cx, expr);
  return checkAs(cx, expr, cx.evaluate(expr.value));
}

/** Tells the expression before an `as` the names for its sizes, and an ONNX operator whose output type is not known the written one. */
export function ascribe(cx: Context, expr: AsExpr): void {
  noteNames(cx, expr);
  if (!expr.full || mayBindNames(cx, expr)) return;
  const type = typeOf(cx, expr.type);
  if (type !== undefined) cx.ascriptions.set(placeKey(lastStage(expr.value).span), type);
}

/**
 * A checked comment: the shape must be proved equal. If it is not, either side may be the mistake, and nothing is reported about what follows; who asks for types
 * is told those that were found.
 */
export function checkAs(cx: Context, expr: AsExpr, value: CheckValue): CheckValue {
  if (value.kind === 'unknown') {
    bindUnknown(cx, expr);
    return unknown;
  }
  const target = value.kind === 'tuple' && value.items.length === 1 ? value.items[0] : value;
  if (target?.kind !== 'tensor') {
    reportNotTensor(cx, value, expr.value.span, '`as` checks the shape of a tensor');
    return unknown;
  }
  bindNames(cx, expr, target.local.type);
  const unknownSizes = expr.type.dims.flatMap((dim) =>
    dim.kind === 'size' && dim.size.kind === 'name' && isNew(cx, dim.size.name) ? [dim.size] : [],
  );
  for (const size of unknownSizes) reportUnknownSize(cx, size);
  if (unknownSizes.length > 0) return value;
  const shape = shapeOf(cx, expr.type);
  if (shape === undefined) return value;
  const { type } = target.local;
  const mistaken = cx.session.observer === undefined ? unknown : value;
  const declared = expr.full ? typeOf(cx, expr.type)?.dtype : undefined;
  if (declared !== undefined && declared !== type.dtype) {
    cx.error('as-dtype', expr.type.span, { wanted: declared, got: type.dtype });
    return mistaken;
  }
  const fix = [{ title: `write ${showDims(type.shape)}`, edits: [{ span: expr.type.span, text: showDims(type.shape) }] }];
  const table = { wanted: shape.map(String), got: type.shape.map(String) };
  if (shape.length !== type.shape.length) {
    cx.error(
      'as-mismatch',
      expr.type.span,
      { wanted: showDims(shape), got: showDims(type.shape), witness: undefined },
      { fixes: expr.full ? [] : fix, table },
    );
    return mistaken;
  }
  for (const [i, wanted] of shape.entries()) {
    const answer = cx.settle(decideEqual(type.shape[i] ?? Dim.of(0), wanted, cx.facts));
    if (answer.kind === 'proved' || answer.kind === 'unknown') continue;
    const witness = witnessOf(answer);
    cx.error(
      'as-mismatch',
      expr.type.span,
      { wanted: showDims(shape), got: showDims(type.shape), witness },
      { fixes: expr.full ? [] : fix, table, help: helpForData(cx, shape, type.shape) },
    );
    return mistaken;
  }
  return value;
}

function showDims(shape: readonly Dim[]): string {
  return `[${shape.join(', ')}]`;
}
