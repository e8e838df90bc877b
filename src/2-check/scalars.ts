import type { Span } from '../diagnostics/span.js';
import type { Dim } from '../dims/dim.js';
import { type DType, isFloat, isInt } from '../ops/types.js';
import type { Context } from './context.js';
import { type CheckValue, openSize, type TensorValue } from './values.js';

/**
 * A number, size or boolean of the compiler as a scalar tensor of `dtype`: literals adapt to the tensor they meet. `undefined` for other
 * values, `reported` where the number does not fit the dtype.
 */
export function promote(cx: Context, value: CheckValue, dtype: DType, span: Span): TensorValue | 'reported' | undefined {
  switch (value.kind) {
    case 'tensor':
      return value;
    case 'int': {
      const constant = value.dim.constant;
      if (dtype === 'bool') return mismatch(cx, span, 'an integer', dtype);
      if (constant !== undefined && !fitsInteger(constant, dtype)) return mismatch(cx, span, `the integer ${constant}`, dtype);
      return constant === undefined ? sizeTensor(cx, value.dim, dtype, span) : scalar(cx, constant, dtype, span);
    }
    case 'float':
      if (isInt(dtype) && (value.value === undefined || !Number.isInteger(value.value)))
        return mismatch(cx, span, `the float ${value.value ?? ''}`.trim(), dtype);
      if (dtype === 'bool') return mismatch(cx, span, 'a float', dtype);
      if (value.value === undefined && !cx.rigid) return open(cx, value, 'this number', span);
      return scalar(cx, value.value ?? Number.NaN, dtype, span);
    case 'bool':
      if (dtype !== 'bool') return mismatch(cx, span, 'a boolean', dtype);
      if (value.value === undefined && !cx.rigid) return open(cx, value, 'this condition', span);
      return scalar(cx, value.value === true ? 1 : 0, dtype, span);
    default:
      return undefined;
  }
}

/** Whether an integer type has this value; every other type has all, some of them rounded. */
function fitsInteger(value: number, dtype: DType): boolean {
  const [, sign, bits] = /^([iu])(8|16|32)$/.exec(dtype) ?? [];
  if (bits === undefined) return dtype !== 'u64' || value >= 0;
  const count = 2 ** Number(bits);
  return sign === 'u' ? value >= 0 && value < count : value >= -count / 2 && value < count / 2;
}

/** While sizes are variables, any number stands for one that is not known; in a model, that would be a wrong one. */
function open(cx: Context, value: CheckValue, what: string, span: Span): 'reported' {
  cx.error('not-a-constant', span, { what, size: openSize(value) });
  return 'reported';
}

function mismatch(cx: Context, span: Span, what: string, dtype: DType): 'reported' {
  cx.error('literal-dtype', span, { what, dtype });
  return 'reported';
}

export function scalar(cx: Context, value: number, dtype: DType, span: Span): TensorValue {
  const local = { ...cx.local({ dtype, shape: [] }, span), literal: value };
  cx.steps.push({ kind: 'constant', array: { dtype, shape: [], data: Float64Array.of(value) }, output: local });
  return { kind: 'tensor', local };
}

/** A size that is known at run time only, as a scalar there. */
export function sizeTensor(cx: Context, size: Dim, dtype: DType, span: Span): TensorValue | undefined {
  const raw = cx.interpreter.callOp(cx, 'dim_value', [], { size }, span);
  if (raw.kind !== 'tensor') return undefined;
  if (dtype === 'i64') return raw;
  const cast = cx.interpreter.callOp(cx, 'cast', [raw], { dtype }, span);
  return cast.kind === 'tensor' && (isFloat(dtype) || isInt(dtype)) ? cast : undefined;
}
