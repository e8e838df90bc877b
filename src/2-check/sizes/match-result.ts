import type { SizeDim } from '../../1-syntax/ast.js';
import type { Note } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/span.js';
import { suggest } from '../../diagnostics/suggest.js';
import { Dim } from '../../dims/dim.js';
import { type Shape, showShape } from '../../ops/types.js';
import type { InstanceOutput } from '../checked-model.js';
import type { Context } from '../context.js';
import { reportNotTensor } from '../expressions/not-a-tensor.js';
import { axesOf, bareName, type Signature } from '../modules/signature.js';
import { demanded } from '../values/absence.js';
import { type CheckValue, type TensorValue, type TupleValue, unknown } from '../values/values.js';
import { decimalFixes } from '../values/whole-choices.js';
import { failureOf } from './failure.js';
import { reportUnsolved, solveSizes } from './result-sizes.js';
import { dtypeOf, sizeOf } from './type-expressions.js';
import { unequalHelp } from './unequal-help.js';

type Output = NonNullable<Signature['result']>['outputs'][number];

/** A result next to its declared type, axis by axis. */
interface Aligned {
  readonly output: Output;
  readonly value: TensorValue;
  readonly axes: readonly Axis[];
}

/** One axis of a result: as declared, or one of those of `*B`. */
type Axis = { readonly formal: SizeDim; readonly actual: Dim } | { readonly rest: Dim };

/**
 * Checks what a body returns against the declared result. Names that only the result mentions take the sizes found: a bare name takes that
 * of its axis, and one inside arithmetic takes the size that solves it. `undefined` if something does not fit, which is reported, or is not
 * known.
 */
export function matchResult(cx: Context, signature: Signature, value: CheckValue, span: Span): readonly InstanceOutput[] | undefined {
  const declared = signature.result?.outputs;
  if (declared === undefined || value.kind === 'unknown') return undefined;
  const values = value.kind === 'tuple' ? value.items : [value];
  if (values.length !== declared.length) {
    const picked = value.kind === 'tuple' && value.written === undefined ? value.names?.find((n) => n !== undefined) : undefined;
    cx.error('result-count', span, { wanted: declared.map((o) => o.name?.text), got: values.length, picked });
    return undefined;
  }
  const order = value.kind === 'tuple' ? returnOrder(cx, value, declared) : inOrder;
  if (order === undefined) return undefined;
  const aligned: Aligned[] = [];
  for (const [i, output] of declared.entries()) {
    const item = demanded(cx, values[order[i] ?? i] ?? unknown, span);
    if (item.kind === 'unknown') return undefined;
    if (item.kind !== 'tensor') {
      reportNotTensor(cx, item, span, 'a result is a tensor');
      return undefined;
    }
    const axes = align(cx, signature, output, item, span);
    if (axes === undefined) return undefined;
    aligned.push({ output, value: item, axes: axes === 'any' ? item.local.type.shape.map((rest) => ({ rest })) : axes });
  }
  if (!bindNames(cx, signature, aligned)) return undefined;
  const outputs: InstanceOutput[] = [];
  for (const { output, value: item, axes } of aligned) {
    const shape = compare(cx, output, item, axes, span);
    if (shape === undefined) return undefined;
    if (output.name !== undefined) cx.session.observer?.(output.name, item);
    outputs.push({ name: output.name?.text, local: item.local, type: { dtype: item.local.type.dtype, shape } });
  }
  return outputs;
}

/** Output `i` gets value `i`. */
const inOrder: readonly number[] = [];

/**
 * Which returned value each output gets: by name if all values have names of outputs, or if a name was written; the others in order.
 * `undefined` if a written name is not an output.
 */
function returnOrder(cx: Context, { names, written = [] }: TupleValue, declared: readonly Output[]): readonly number[] | undefined {
  if (names === undefined) return inOrder;
  const wanted = declared.map((output) => output.name?.text);
  const stray = written.find((name) => name !== undefined && !wanted.includes(name.text));
  if (stray !== undefined && wanted.some((name) => name !== undefined)) {
    const known = wanted.filter((name) => name !== undefined);
    cx.error('unknown-output', stray.span, { name: stray.text, known, near: suggest(stray.text, known) });
    return undefined;
  }
  const chosen = names.every((n) => n !== undefined && wanted.includes(n)) ? names : written.map((name) => name?.text);
  const rest = [...wanted.keys()].filter((i) => chosen[i] === undefined).values();
  return wanted.map((name, i) => {
    const at = name === undefined ? -1 : chosen.indexOf(name);
    return at >= 0 ? at : (rest.next().value ?? i);
  });
}

/** The axes of a result next to the declared ones; `any` if nothing is known about `*B`. Reports another dtype or rank. */
function align(
  cx: Context,
  signature: Signature,
  { type: declared }: Output,
  value: TensorValue,
  span: Span,
): readonly Axis[] | 'any' | undefined {
  const { type } = value.local;
  const dtype = dtypeOf(cx, declared);
  if (dtype !== type.dtype) {
    const notes = signatureNote(declared);
    const fixes = decimalFixes(cx, value.local, dtype);
    cx.error('result-dtype', span, { wanted: dtype, got: type.dtype }, { notes, fixes, help: fixes[0]?.title });
    return undefined;
  }
  const { before, rest, after } = axesOf(signature, declared);
  const rank = type.shape.length;
  const bound = rest === undefined ? [] : cx.rests.get(rest);
  if (bound === 'unknown') return 'any';
  const wantedRank = before.length + after.length + (bound?.length ?? 0);
  if (rest !== undefined && bound === undefined ? rank < wantedRank : rank !== wantedRank) {
    const text = cx.module.file.text.slice(declared.span.start, declared.span.end);
    cx.error('result-mismatch', span, { wanted: text, got: showShape(type.shape), witness: undefined }, { notes: signatureNote(declared) });
    return undefined;
  }
  const between = bound ?? type.shape.slice(before.length, rank - after.length);
  if (rest !== undefined) cx.rests.set(rest, between);
  const end = rank - after.length;
  const axes: Axis[] = [];
  for (const [i, formal] of before.entries()) axes.push({ formal, actual: type.shape[i] ?? Dim.zero });
  for (const size of between) axes.push({ rest: size });
  for (const [i, formal] of after.entries()) axes.push({ formal, actual: type.shape[end + i] ?? Dim.zero });
  return axes;
}

/** Gives the names that only the result mentions their sizes, in the scope of this return: another return may give them others. */
function bindNames(cx: Context, signature: Signature, aligned: readonly Aligned[]): boolean {
  const equations: { readonly size: SizeDim['size']; readonly actual: Dim }[] = [];
  for (const { axes } of aligned) {
    for (const axis of axes) {
      if (!('formal' in axis)) continue;
      const { formal, actual } = axis;
      const name = bareName(formal);
      if (name !== undefined && signature.dims.has(name) && cx.scope.find(name) === undefined) bindName(cx, name, actual, formal.span);
      else if (name === undefined) equations.push({ size: formal.size, actual });
    }
  }
  const open: string[] = [];
  for (const name of signature.dims) if (cx.scope.find(name) === undefined) open.push(name);
  if (open.length === 0) return true;
  const unsolved = solveSizes(
    cx,
    cx.scope,
    open,
    equations.map(({ size, actual }) => ({ left: () => sizeOf(cx, size), right: () => actual })),
  );
  for (const name of open) {
    const solved = cx.scope.find(name)?.value;
    if (solved?.kind === 'int') cx.newSizes.nameOutside(solved.dim, name);
  }
  const sizes = equations.map(({ size }) => size);
  return !reportUnsolved(cx, unsolved, sizes, 'result');
}

function bindName(cx: Context, name: string, size: Dim, span: Span): void {
  cx.scope.define(name, { value: { kind: 'int', dim: size }, span, role: 'dim' });
  cx.newSizes.nameOutside(size, name);
}

/** The declared shape with its names bound, if the result has that shape. */
function compare(cx: Context, { type: declared }: Output, value: TensorValue, axes: readonly Axis[], span: Span): Shape | undefined {
  const { shape } = value.local.type;
  const wanted = axes.map((axis) => ('rest' in axis ? axis.rest : (sizeOf(cx, axis.formal.size) ?? axis.actual)));
  for (const [i, size] of wanted.entries()) {
    const failure = failureOf(cx, { kind: 'equal', left: shape[i] ?? Dim.of(0), right: size }, 'result-mismatch', span);
    if (failure === undefined) continue;
    cx.error(
      'result-mismatch',
      span,
      { wanted: showShape(wanted), got: showShape(shape), ...failure },
      {
        notes: signatureNote(declared),
        table: { wanted: wanted.map(String), got: shape.map(String) },
        ...unequalHelp(cx, wanted, shape),
      },
    );
    return undefined;
  }
  return wanted;
}

function signatureNote(declared: Output['type']): readonly Note[] {
  return [{ span: declared.span, text: 'the signature says so here' }];
}
