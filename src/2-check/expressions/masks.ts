import type { IndexExpr, IndexItem } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import { Dim } from '../../dims/dim.js';
import type { Context } from '../context.js';
import { sourceOf } from '../pytorch/source.js';
import { failureOf } from '../sizes/failure.js';
import { type CheckValue, type TensorValue, unknown } from '../values/values.js';

/** The tensor of booleans among the items of an index, with the items around it. */
interface MaskIndex {
  readonly mask: TensorValue;
  readonly span: Span;
  readonly before: readonly IndexItem[];
  readonly after: readonly IndexItem[];
}

/** The first mask among the items, whose values are given. */
export function maskIn(items: readonly IndexItem[], values: readonly CheckValue[]): MaskIndex | undefined {
  for (const [i, item] of items.entries()) {
    const value = values[i];
    if (value?.kind === 'tensor' && value.local.type.dtype === 'bool')
      return { mask: value, span: item.span, before: items.slice(0, i), after: items.slice(i + 1) };
  }
  return undefined;
}

/** `x[mask]`: what is at the places where `mask`, which has the first axes of `x`, is true. Whole axes may be written after it. */
export function selectByMask(cx: Context, x: TensorValue, { mask, span, before, after }: MaskIndex, expr: IndexExpr): CheckValue {
  const rank = mask.local.type.shape.length;
  const whole = after.filter(({ kind }) => kind === 'all').length;
  const others = after.length - whole - after.filter(({ kind }) => kind === 'ellipsis').length;
  if (before.length > 0 || others > 0) {
    const [object, name] = [sourceOf(cx, expr.object.span), sourceOf(cx, span)];
    cx.error('mask-alone', span, { object, mask: name, isFirst: before.length === 0 });
    return unknown;
  }
  if (rank + whole > x.local.type.shape.length && rank <= x.local.type.shape.length) {
    cx.error('too-many-indices', expr.span, { count: rank + whole, type: cx.show(x.local.type) });
    return unknown;
  }
  if (!fits(cx, x, mask, span)) return unknown;
  const positions = cx.interpreter.callOp(cx, 'nonzero', [mask], {}, expr.span);
  return positions.kind === 'tensor' ? cx.interpreter.callOp(cx, 'gather_nd', [x, positions], {}, expr.span) : unknown;
}

/** Whether a mask has the first axes of what it selects from. */
function fits(cx: Context, x: TensorValue, mask: TensorValue, span: Span): boolean {
  const wanted = mask.local.type.shape;
  const got = x.local.type.shape;
  const complain = (witness: string | undefined): false => {
    cx.error('mask-shape', span, { mask: cx.show(mask.local.type), x: cx.show(x.local.type), rank: wanted.length, witness });
    return false;
  };
  if (wanted.length === 0 || wanted.length > got.length) return complain(undefined);
  for (const [axis, size] of wanted.entries()) {
    const other = got[axis] ?? Dim.zero;
    const failure = failureOf(cx, { kind: 'equal', left: size, right: other }, 'mask-shape', span);
    if (failure !== undefined) return complain(failure.witness);
  }
  return true;
}
