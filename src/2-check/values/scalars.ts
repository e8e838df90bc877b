import type { Span } from '../../diagnostics/span.js';
import type { Dim } from '../../dims/dim.js';
import type { Op } from '../../ops/define.js';
import { holds, rangeOf } from '../../ops/dtype-range.js';
import { type DType, isFloat, isInt } from '../../ops/types.js';
import type { Context } from '../context.js';
import { reportOpen } from '../sizes/open-sizes.js';
import { type CheckValue, openSize, type Poison, type TensorValue, unknown } from './values.js';

/**
 * A compile-time number, size or boolean as a scalar tensor of `dtype`: literals adapt to the tensor they are combined with. `undefined`
 * for other values, poison if the number does not fit the dtype.
 */
export function promote(cx: Context, value: CheckValue, dtype: DType, span: Span): TensorValue | Poison | undefined {
  switch (value.kind) {
    case 'tensor':
      return value;
    case 'int': {
      const constant = value.dim.constant;
      if (dtype === 'bool') return mismatch(cx, span, 'an integer', dtype);
      if (constant !== undefined && !holds(dtype, constant)) return mismatch(cx, span, `the integer ${constant}`, dtype, constant);
      return constant === undefined ? sizeTensor(cx, value.dim, dtype, span) : scalar(cx, constant, dtype, span);
    }
    case 'float':
      if (dtype === 'bool') return mismatch(cx, span, 'a float', dtype);
      if (isInt(dtype) || (value.value !== undefined && !holds(dtype, value.value)))
        return mismatch(cx, span, value.value === undefined ? 'a float' : `the float ${floatText(value.value)}`, dtype);
      if (value.value === undefined && !cx.rigid) return open(cx, value, 'this number', span);
      return scalar(cx, value.value ?? Number.NaN, dtype, span);
    case 'bool':
      if (dtype !== 'bool') {
        const help = `a number is needed here; a condition on a tensor counts as one after \`cast(.., ${dtype === cx.float ? 'float_type' : dtype})\``;
        cx.error('literal-dtype', span, { what: 'a boolean', dtype, help });
        return unknown;
      }
      if (value.value === undefined && !cx.rigid) return open(cx, value, 'this condition', span);
      return scalar(cx, value.value === true ? 1 : 0, dtype, span);
    default:
      return undefined;
  }
}

/** While sizes are variables, any number can represent one that is not known; in a model, that would be wrong. */
function open(cx: Context, value: CheckValue, what: string, span: Span): Poison {
  reportOpen(cx, span, what, openSize(value));
  return unknown;
}

function mismatch(cx: Context, span: Span, what: string, dtype: DType, value?: number): Poison {
  cx.error('literal-dtype', span, { what, dtype, help: misfitHelp(cx, dtype, value) });
  return unknown;
}

/** What to write for a number that `dtype` cannot represent. */
function misfitHelp(cx: Context, dtype: DType, value: number | undefined): string {
  const range = rangeOf(dtype);
  if (range === undefined)
    return 'convert the tensor first, with `cast(.., float_type)` or `cast(.., i64)`; `!mask` negates booleans, and conditions are `true` and `false`';
  const span = `${dtype} goes from ${numberText(range.lowest)} to ${numberText(range.highest)}`;
  if (!isFloat(dtype)) return Number.isInteger(value) ? span : 'convert the tensor to floats: `cast(.., float_type)`';
  const type = dtype === cx.float ? 'float_type' : dtype;
  return `${span}: write \`lowest(${type})\` or \`highest(${type})\` for its ends, or \`inf\``;
}

/** A number with six significant digits. */
function numberText(value: number): string {
  return String(Number(value.toPrecision(6))).replace('e+', 'e');
}

/** A float as it would be written: `1.0`, not `1`. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace('Infinity', 'inf');
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return value.toFixed(1);
  return (Math.abs(value) < 1e6 ? String(value) : value.toExponential()).replace('e+', 'e');
}

/** Rejects numbers among the options that the element type of the result cannot represent: `full([2], 300, dtype = u8)`. */
export function demandFittingOptions(
  cx: Context,
  op: Op,
  given: Readonly<Record<string, unknown>>,
  dtype: DType,
  spanOf: (name: string) => Span,
): boolean {
  let ok = true;
  for (const [name, attr] of op.lists().attrs) {
    const value = given[name];
    if (attr.kind !== 'float' || attr.isApart === true || typeof value !== 'number' || Number.isNaN(value) || holds(dtype, value)) continue;
    const text = Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : floatText(value);
    mismatch(cx, spanOf(name), `\`${name} = ${text}\``, dtype, value);
    ok = false;
  }
  return ok;
}

export function scalar(cx: Context, value: number, dtype: DType, span: Span): TensorValue {
  const local = { ...cx.local({ dtype, shape: [] }, span), literal: value };
  cx.steps.push({ kind: 'constant', array: { dtype, shape: [], data: Float64Array.of(value) }, output: local });
  return { kind: 'tensor', local };
}

/** A size that is known only at run time, as a run-time scalar. */
export function sizeTensor(cx: Context, size: Dim, dtype: DType, span: Span): TensorValue | undefined {
  const raw = cx.interpreter.callOp(cx, 'dim_value', [], { size }, span);
  if (raw.kind !== 'tensor') return undefined;
  if (dtype === 'i64') return raw;
  const cast = cx.interpreter.callOp(cx, 'cast', [raw], { dtype }, span);
  return cast.kind === 'tensor' && (isFloat(dtype) || isInt(dtype)) ? cast : undefined;
}
