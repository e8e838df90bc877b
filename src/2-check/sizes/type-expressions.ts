import type { Expr, SizeDim, TensorTypeExpr } from '../../1-syntax/ast.js';
import { suggest } from '../../diagnostics/suggest.js';
import { Dim } from '../../dims/dim.js';
import { append } from '../../lists.js';
import { type DType, dtypes, type Shape, type TensorType } from '../../ops/types.js';
import type { Context } from '../context.js';
import type { CheckValue } from '../values/values.js';

/** Names that other frameworks use for our dtypes. */
const dtypeAliases: Readonly<Record<string, DType>> = {
  float: 'f32',
  float32: 'f32',
  float16: 'f16',
  half: 'f16',
  bfloat16: 'bf16',
  float64: 'f64',
  double: 'f64',
  int: 'i64',
  int8: 'i8',
  int16: 'i16',
  int32: 'i32',
  int64: 'i64',
  long: 'i64',
  uint8: 'u8',
  uint16: 'u16',
  uint32: 'u32',
  uint64: 'u64',
  boolean: 'bool',
};

/** The dtype with this name, or with this name in other frameworks: `bfloat16`. */
export function dtypeMeant(name: string): DType | undefined {
  return dtypeNamed(name) ?? (Object.hasOwn(dtypeAliases, name) ? dtypeAliases[name] : undefined);
}

export function dtypeNamed(name: string): DType | undefined {
  return dtypes.find((d) => d === name);
}

/** The dtype of a type; the build's float type if none is written. Unknown names are reported and treated as it. */
export function dtypeOf(cx: Context, type: TensorTypeExpr): DType {
  const name = type.dtype;
  if (name === undefined || name.text === '') return cx.float;
  const known = dtypeNamed(name.text);
  if (known !== undefined) return known;
  const [first = '', ...fields] = name.text.split('.');
  const field = (value: CheckValue | undefined, key: string) => (value?.kind === 'record' ? value.fields.get(key) : undefined);
  const bound = fields.reduce(field, cx.scope.find(first)?.value);
  if (bound?.kind === 'dtype') return bound.dtype;
  const near = dtypeAliases[name.text] === undefined ? suggest(name.text, dtypes) : [dtypeAliases[name.text] as string];
  const [best] = near;
  cx.error(
    'unknown-dtype',
    name.span,
    { name: name.text, near },
    {
      fixes: best === undefined ? [] : [{ title: `write \`${best}\``, edits: [{ span: name.span, text: best }] }],
    },
  );
  return cx.float;
}

/** The size that an expression denotes; `undefined` if it has none (which was reported). */
export function sizeOf(cx: Context, expr: Expr): Dim | undefined {
  const value = cx.evaluate(expr);
  if (value.kind === 'int') return value.dim;
  if (value.kind === 'float' && value.value !== undefined && Number.isSafeInteger(value.value)) return Dim.of(value.value);
  if (value.kind !== 'unknown') cx.error('not-a-size', expr.span, { what: value.kind, declared: declaredIn(expr, value) });
  return undefined;
}

/** The name of a declaration that was most likely meant to be a new name of a size. */
function declaredIn(expr: Expr, value: CheckValue): { readonly name: string; readonly what: string } | undefined {
  if (expr.kind !== 'name' || (value.kind !== 'layer' && value.kind !== 'fn' && value.kind !== 'config')) return undefined;
  return { name: expr.name, what: value.kind === 'layer' ? value.decl.kind : value.kind === 'fn' ? 'function' : 'config' };
}

/** A type whose names are all bound, as in `param` and `as`; `undefined` if a size is not known (which was reported). */
export function typeOf(cx: Context, type: TensorTypeExpr): TensorType | undefined {
  const shape = shapeOf(cx, type);
  const dtype = dtypeOf(cx, type);
  return shape === undefined ? undefined : { dtype, shape };
}

export function shapeOf(cx: Context, type: TensorTypeExpr): Shape | undefined {
  const shape: Dim[] = [];
  let known = true;
  for (const dim of type.dims) {
    if (dim.kind === 'rest') {
      const rest = cx.rests.get(dim.name.text);
      if (rest === undefined) {
        cx.error('unknown-rest', dim.span, { name: dim.name.text });
        known = false;
      } else if (rest === 'unknown') known = false;
      else append(shape, rest);
      continue;
    }
    const size = sizeOf(cx, dim.size);
    if (size === undefined) known = false;
    else shape.push(size);
  }
  return known ? shape : undefined;
}

/** How a declared axis reads in messages: `N`, `4*planes`, `N|1`. */
export function dimText(source: string, dim: SizeDim): string {
  const text = source.slice(dim.size.span.start, dim.size.span.end);
  return dim.orOne ? `${text}|1` : text;
}
