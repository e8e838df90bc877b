import type { AsExpr, Expr, Name } from '../../1-syntax/ast.js';
import { placeKey } from '../../diagnostics/anchor.js';
import type { Span } from '../../diagnostics/span.js';
import type { Dim } from '../../dims/dim.js';
import { onnxEffects } from '../../ops/onnx-effects.js';
import { type RequestedSize, withSizes } from '../../ops/requested-sizes.js';
import type { TensorType } from '../../ops/types.js';
import type { Context } from '../context.js';
import { isNamed } from '../modules/names.js';
import { bareName } from '../modules/signature.js';
import { type CheckValue, unknown } from '../values/values.js';
import { makeSize } from './made-sizes.js';

/** The types of results in which new sizes, with the names that `as` gives them, replace those that the data decide. */
export function makeDataSizes(
  cx: Context,
  requests: readonly RequestedSize[],
  types: readonly TensorType[],
  span: Span,
): readonly TensorType[] {
  if (requests.length === 0) return types;
  const names = cx.wantedNames.get(placeKey(span)) ?? [];
  const sizes = new Map<string, Dim>();
  for (const { placeholder, name, least, most } of requests) {
    const axis = types[0]?.shape.findIndex((size) => size.variableName === placeholder) ?? -1;
    const made = makeSize(cx, {
      name: names[axis]?.text ?? name,
      by: 'data',
      least: least.substitute(sizes),
      most: most.substitute(sizes),
      span,
    });
    sizes.set(placeholder, made.size);
  }
  return types.map((type) => withSizes(type, sizes));
}

/** Records, before an expression is evaluated, which unknown names the `as` after it gives to axes. */
export function noteNames(cx: Context, { value, type }: AsExpr): void {
  const last = lastStage(value);
  const isPossible = !isForeign(last) && type.dims.every((dim) => dim.kind === 'size');
  const names = type.dims.map((dim) => {
    const name = isPossible ? bareName(dim) : undefined;
    return name !== undefined && isNew(cx, name) ? { text: name, span: dim.span } : undefined;
  });
  const key = placeKey(last.span);
  if (names.some((name) => name !== undefined)) cx.wantedNames.set(key, names);
  else cx.wantedNames.delete(key);
}

/** Whether an ONNX operator is called that makes no size. Its `as` may say its type, and what is in it must then be known. */
function isForeign(expr: Expr): boolean {
  const callee = expr.kind === 'call' ? expr.callee : expr;
  const isMember = callee.kind === 'member';
  const root = isMember ? callee.object : callee;
  if (root.kind !== 'name' || root.name !== 'onnx') return false;
  return !isMember || onnxEffects({ opType: callee.name.text, domain: '' }) !== 'new-size';
}

/** Whether a name means nothing yet. */
export function isNew(cx: Context, name: string): boolean {
  return cx.scope.find(name) === undefined && !isNamed(cx, name);
}

/** Whether the types of an `as` can be read only after the expression before it, which may bind names in them. */
export function mayBindNames(cx: Context, { value }: AsExpr): boolean {
  return cx.wantedNames.has(placeKey(lastStage(value).span));
}

/** Binds the names that an `as` gives to sizes that the data have decided directly before it. */
export function bindNames(cx: Context, { value }: AsExpr, { shape }: TensorType): void {
  const { span } = lastStage(value);
  for (const [axis, name] of (cx.wantedNames.get(placeKey(span)) ?? []).entries()) {
    const made = cx.newSizes.find(shape[axis]?.variableName ?? '');
    if (made?.by === 'data' && made.isOwn && placeKey(made.span) === placeKey(span)) bind(cx, name, { kind: 'int', dim: made.size });
  }
}

/** The same for an `as` after something that is not known: nothing can be said about sizes that it may have made. */
export function bindUnknown(cx: Context, { value }: AsExpr): void {
  for (const name of cx.wantedNames.get(placeKey(lastStage(value).span)) ?? []) bind(cx, name, unknown);
}

function bind(cx: Context, name: Name | undefined, value: CheckValue): void {
  if (name !== undefined && isNew(cx, name.text)) cx.scope.define(name.text, { value, span: name.span, role: 'dim' });
}

/** What an `as` follows: `x -> call(..) as T` comes after the pipeline, and is about its last stage. */
export function lastStage(value: Expr): Expr {
  const last = value.kind === 'pipe' ? value.stage : value;
  return last.kind === 'label' ? last.target : last;
}
