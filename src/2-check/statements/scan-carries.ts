import type { Carry, Expr } from '../../1-syntax/ast.js';
import { decideEqual } from '../../dims/decide.js';
import type { Shape, TensorType } from '../../ops/types.js';
import type { Context } from '../context.js';
import { reportNotTensor } from '../expressions/not-a-tensor.js';
import { differenceOf } from '../sizes/same-type.js';
import { typeOf } from '../sizes/type-expressions.js';
import { promote } from '../values/scalars.js';
import type { CheckValue, Local, TensorValue } from '../values/values.js';

/** The initial value of a carry; `undefined` if it is wrong, which is reported, or not known. */
export function initialCarry(cx: Context, { name, init }: Carry, type: TensorType): Local | undefined {
  const value = cx.evaluate(init);
  const filled = filling(value);
  if (filled !== undefined) {
    const made = cx.interpreter.callOp(cx, 'full', [], { shape: type.shape, value: filled, dtype: type.dtype }, init.span);
    return made.kind === 'tensor' ? made.local : undefined;
  }
  const tensor = tensorFor(cx, value, type, init, name.text);
  if (tensor === undefined) return undefined;
  const given = tensor.local.type;
  if (broadcasts(cx, given.shape, type.shape) && given.dtype === type.dtype) {
    const wide = cx.interpreter.callOp(cx, 'expand', [tensor], { shape: type.shape }, init.span);
    return wide.kind === 'tensor' ? wide.local : undefined;
  }
  const difference = differenceOf(cx, given, type, 'carry-type', init.span);
  if (difference === undefined) return tensor.local;
  reportType(cx, name.text, 'init', given, type, init, difference.witness);
  return undefined;
}

/** What a step gives to the next one, which has the declared type. */
export function nextCarry(cx: Context, name: string, value: CheckValue, type: TensorType, expr: Expr): Local | undefined {
  const tensor = tensorFor(cx, value, type, expr, name);
  if (tensor === undefined) return undefined;
  const difference = differenceOf(cx, tensor.local.type, type, 'carry-type', expr.span);
  if (difference === undefined) return tensor.local;
  reportType(cx, name, 'next', tensor.local.type, type, expr, difference.witness);
  return undefined;
}

/** The number in `= zeros` and `= ones`. */
function filling(value: CheckValue): 0 | 1 | undefined {
  if (value.kind !== 'fn' || value.form !== 'op') return undefined;
  return value.op.name === 'zeros' ? 0 : value.op.name === 'ones' ? 1 : undefined;
}

/** A tensor, or a number as a scalar of the element type. */
function tensorFor(cx: Context, value: CheckValue, { dtype }: TensorType, expr: Expr, name: string): TensorValue | undefined {
  if (value.kind === 'unknown') return undefined;
  const tensor = promote(cx, value, dtype, expr.span);
  if (tensor?.kind === 'unknown') return undefined;
  if (tensor === undefined) reportNotTensor(cx, value, expr.span, `the carry \`${name}\` is a tensor`);
  return tensor;
}

/** Whether a shape becomes the other by missing axes on the left and literal ones, and is not yet the other. */
function broadcasts(cx: Context, from: Shape, to: Shape): boolean {
  const missing = to.length - from.length;
  if (missing < 0) return false;
  const isEqual = from.map((size, i) => decideEqual(size, to[i + missing] ?? size, cx.facts).kind === 'proved');
  if (missing === 0 && isEqual.every((equal) => equal)) return false;
  return from.every((size, i) => isEqual[i] === true || size.constant === 1);
}

function reportType(
  cx: Context,
  name: string,
  what: 'init' | 'next',
  got: TensorType,
  wanted: TensorType,
  { span }: Expr,
  witness: string | undefined,
): void {
  const isAligned = got.shape.length === wanted.shape.length;
  const table = isAligned ? { table: { wanted: wanted.shape.map(String), got: got.shape.map(String) } } : {};
  cx.error('carry-type', span, { name, what, wanted: cx.show(wanted), got: cx.show(got), witness }, table);
}

/** The declared type of a carry; `undefined` if a size in it is not known. */
export function carryType(cx: Context, { type }: Carry): TensorType | undefined {
  return typeOf(cx, type);
}
