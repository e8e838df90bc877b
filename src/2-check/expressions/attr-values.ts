import type { Expr } from '../../1-syntax/ast.js';
import type { Dim } from '../../dims/dim.js';
import type { Attr, AttrKind } from '../../ops/attrs.js';
import type { Op } from '../../ops/define.js';
import type { TensorType } from '../../ops/types.js';
import type { Argument, Context } from '../context.js';
import { dottedName } from '../modules/signature.js';
import { sourceOf } from '../pytorch/source.js';
import { reportOpen } from '../sizes/open-sizes.js';
import { numberOf } from '../values/arithmetic.js';
import { type CheckValue, describe, isPoison, openSize, type Poison, unknown } from '../values/values.js';
import { type OpenOption, openOption } from './open-options.js';

/**
 * An option's value in the form that shape rules expect, or `OpenOption`; poison if it does not fit, which is reported, or is not known while sizes are variables.
 * `operand` is the first tensor, whose dimension names may denote axes.
 */
export function attrValue(cx: Context, op: Op, name: string, arg: Argument, operand: TensorType | undefined): unknown {
  const attr: Attr<unknown> = op.attrs[name];
  const { value } = arg;
  if (value.kind === 'unknown') return unknown;
  const wrong = (wanted: string): Poison => {
    const help =
      op.name === 'interpolate' && name === 'size' ? `factors of the sides are \`scale = ${sourceOf(cx, arg.span)}\`` : undefined;
    cx.error('argument-kind', arg.span, { callee: op.name, name, wanted, got: gotOf(cx, attr.kind, value) }, { help });
    return unknown;
  };
  switch (attr.kind) {
    case 'int': {
      const dim = asDim(value);
      return dim === undefined ? wrong('an integer') : constant(cx, dim, name, arg);
    }
    case 'ints':
      return eachOf(value, (v) => (asDim(v) === undefined ? undefined : constant(cx, asDim(v) as Dim, name, arg))) ?? wrong('integers');
    case 'axis':
      return axisOf(cx, value, arg, operand, name) ?? wrong('an axis');
    case 'axes':
      return axesOf(cx, value, arg, operand, name) ?? wrong('an axis or a list of axes');
    case 'size':
      return fixed(cx, asDim(value), name, arg) ?? wrong('a size');
    case 'sizes':
      return eachOf(value, (v) => fixed(cx, asDim(v), name, arg)) ?? wrong('a size or a list of sizes');
    case 'dim':
      return asDim(value) ?? wrong('a size');
    case 'dims':
      return eachOf(value, asDim) ?? wrong('a list of sizes');
    case 'float':
      if (value.kind !== 'int' && value.kind !== 'float') return wrong('a number');
      return numberOf(value) ?? openValue(cx, arg, name, attr, value);
    case 'floats':
      return (
        eachOf(value, (v) => (v.kind === 'int' || v.kind === 'float' ? (numberOf(v) ?? openValue(cx, arg, name, attr, v)) : undefined)) ??
        wrong('numbers')
      );
    case 'bool':
      if (value.kind !== 'bool') return wrong('true or false');
      return value.value ?? openValue(cx, arg, name, attr, value);
    case 'string':
      if (value.kind !== 'string')
        return wrong(attr.choices === undefined ? 'a string' : `one of ${attr.choices.map((c) => `"${c}"`).join(', ')}`);
      return value.value ?? openValue(cx, arg, name, attr);
    case 'dtype':
      if (value.kind === 'dtype' && value.dtype === 'string') return wrong('a dtype of numbers or booleans');
      return value.kind === 'dtype' ? value.dtype : wrong('a dtype');
    case 'padding':
      if (value.kind === 'string') return value.value ?? openValue(cx, arg, name, attr);
      return eachOf(value, (v) => fixed(cx, asDim(v), name, arg)) ?? wrong('"same", "valid", a size or a list of sizes');
  }
}

/** A value as messages name it. A whole float is not an integer; printing it as `2` would hide the mistake. */
function gotOf(cx: Context, kind: AttrKind, value: CheckValue): string {
  const isFloat = (item: CheckValue) => item.kind === 'float';
  if (kind !== 'bool' && kind !== 'string' && kind !== 'dtype') {
    if (isFloat(value)) return 'a float';
    if ((value.kind === 'list' || value.kind === 'tuple') && value.items.some(isFloat)) return 'a list with a float';
  }
  return describe(value, (t) => cx.show(t));
}

/** Whether a value is of the kind of an option, as far as that can be decided without its tensor. */
export function looksLike(value: CheckValue, kind: AttrKind): boolean {
  const each = (fits: (item: CheckValue) => boolean) =>
    value.kind === 'list' || value.kind === 'tuple' ? value.items.every(fits) : fits(value);
  switch (kind) {
    case 'int':
    case 'axis':
    case 'size':
    case 'dim':
      return value.kind === 'int';
    case 'ints':
    case 'axes':
    case 'sizes':
    case 'dims':
      return each((item) => item.kind === 'int');
    case 'float':
      return value.kind === 'int' || value.kind === 'float';
    case 'floats':
      return each((item) => item.kind === 'int' || item.kind === 'float');
    case 'padding':
      return value.kind === 'string' || each((item) => item.kind === 'int');
    default:
      return value.kind === kind;
  }
}

function asDim(value: CheckValue): Dim | undefined {
  return value.kind === 'int' ? value.dim : undefined;
}

/** A list of one item is the value itself. The first failure is that of the list. */
function eachOf<T>(value: CheckValue, map: (value: CheckValue) => T | Poison | undefined): readonly T[] | Poison | undefined {
  const items = value.kind === 'list' || value.kind === 'tuple' ? value.items : [value];
  const mapped: T[] = [];
  for (const item of items) {
    if (item.kind === 'unknown') return unknown;
    const result = map(item);
    if (result === undefined) return undefined;
    if (isPoison(result)) return result;
    mapped.push(result as T);
  }
  return mapped;
}

/** The number for an option that requires one. It may be open while sizes are variables, but not in a model. */
function constant(cx: Context, dim: Dim, name: string, arg: Argument): number | Poison {
  return dim.constant ?? open(cx, dim, name, arg);
}

function fixed(cx: Context, dim: Dim | undefined, name: string, arg: Argument): Dim | Poison | undefined {
  if (dim === undefined || dim.constant !== undefined || cx.rigid) return dim;
  return open(cx, dim, name, arg);
}

function open(cx: Context, dim: Dim, name: string, arg: Argument): Poison {
  if (cx.rigid) return unknown;
  reportOpen(cx, arg.span, `\`${name}\``, dim);
  return unknown;
}

/** A value that is not known. It may depend on hyperparameters while sizes are variables, but not in a model. */
function openValue(cx: Context, arg: Argument, name: string, attr: Attr<unknown>, value?: CheckValue): OpenOption | Poison {
  if (cx.rigid) return openOption(attr) ?? unknown;
  reportOpen(cx, arg.span, `\`${name}\``, openSize(value));
  return unknown;
}

function axesOf(
  cx: Context,
  value: CheckValue,
  arg: Argument,
  operand: TensorType | undefined,
  name: string,
): readonly number[] | Poison | undefined {
  const items = value.kind === 'list' || value.kind === 'tuple' ? value.items : [value];
  const exprs =
    arg.expr?.kind === 'list'
      ? arg.expr.items.map((i) => i.value)
      : arg.expr?.kind === 'tuple'
        ? arg.expr.items.map((i) => i.value)
        : [arg.expr];
  const axes: number[] = [];
  for (const [i, item] of items.entries()) {
    const expr = exprs[i];
    const axis = axisOf(cx, item, { value: item, span: expr?.span ?? arg.span, ...(expr === undefined ? {} : { expr }) }, operand, name);
    if (typeof axis !== 'number') return axis;
    axes.push(axis);
  }
  return axes;
}

/**
 * An axis by number, or by the name of a size that occurs exactly once in the operand. If the body was checked with rigid sizes, the name's
 * position was recorded then, for `place`; sizes that happen to be equal in one use do not make it ambiguous.
 */
export function axisOf(
  cx: Context,
  value: CheckValue,
  arg: Argument,
  operand: TensorType | undefined,
  name: string,
  place: Expr | undefined = arg.expr,
): number | Poison | undefined {
  if (value.kind === 'unknown') return unknown;
  if (value.kind !== 'int') return undefined;
  const { expr } = arg;
  const size = expr === undefined ? undefined : sizeNamed(cx, expr);
  if (expr === undefined || size === undefined) return value.dim.constant ?? open(cx, value.dim, name, arg);
  const shape = operand?.shape ?? [];
  const known = place && cx.axes.find(place, shape.length);
  if (known !== undefined) return known;
  const places = shape.flatMap((d, i) => (d.equals(value.dim) ? [i] : []));
  const [at] = places;
  if (at === undefined || places.length > 1) {
    cx.error('bad-axis-name', arg.span, { name: size, type: operand === undefined ? '' : cx.show(operand), count: places.length });
    return unknown;
  }
  if (place !== undefined) cx.axes.remember(place, at, shape, cx.rests.values());
  return at;
}

/** The name of an axis: that of a size, or of a hyperparameter or field (`c.width`) that appears in a type of the signature. Other names are numbers. */
function sizeNamed(cx: Context, expr: Expr): string | undefined {
  const name = dottedName(expr);
  const [root = ''] = name?.split('.') ?? [];
  const binding = cx.scope.find(root);
  if (name === undefined || binding === undefined) return undefined;
  return (binding.role === 'dim' && name === root) || binding.sizeNames?.has(name) === true ? name : undefined;
}
