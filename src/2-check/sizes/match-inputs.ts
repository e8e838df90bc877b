import type { SizeDim, TensorTypeExpr } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import { decideEqual } from '../../dims/decide.js';
import { Dim } from '../../dims/dim.js';
import { solvedFor } from '../../dims/solve.js';
import { type Shape, showShape, type TensorType } from '../../ops/types.js';
import type { Context } from '../context.js';
import { absentOwner, axesOf, bareName, namesIn, type Signature } from '../modules/signature.js';
import { dimText, dtypeOf, sizeOf } from './type-expressions.js';
import { unequalHelp } from './unequal-help.js';
import { witnessOf } from './witness-text.js';

/** An argument to be matched: its type, where it was written, and how messages name it. */
export interface Actual {
  readonly name: string;
  readonly type: TensorType;
  readonly span: Span;
  /** What made the tensor, if that is elsewhere. */
  readonly origin?: Span | undefined;
}

interface Equation {
  readonly formal: SizeDim;
  readonly actual: Dim;
  readonly axis: number;
  readonly arg: Actual;
  /** What each axis of the argument is matched with; undefined for those of `*B`. */
  readonly formals: readonly (SizeDim | undefined)[];
}

/**
 * Binds the dimension names of a signature by matching its input types with the arguments, left to right and in one direction: a bare name
 * takes the argument's size, `c*v + k` is solved for `v`, rounded down, and whatever is already bound must be equal. `cx` is the callee's
 * context, which records what is left open; problems are reported to `caller`. Once the names are bound, and before sizes are compared,
 * `factsHold` checks the facts. False if an argument does not fit.
 */
export function matchInputs(
  cx: Context,
  caller: Context,
  callee: string,
  signature: Signature,
  actuals: readonly (Actual | undefined)[],
  factsHold: () => boolean,
): boolean {
  const origins = new Map<string, Actual>();
  const equations: Equation[] = [];
  let fits = true;

  for (const [i, input] of signature.inputs.entries()) {
    const arg = actuals[i];
    if (arg === undefined) continue;
    const dtype = dtypeOf(cx, input.type);
    if (arg.type.dtype !== dtype) {
      caller.error(
        'argument-dtype',
        arg.span,
        { callee, param: input.name.text, wanted: dtype, got: arg.type.dtype },
        { notes: originNote(arg, cx) },
      );
      fits = false;
      continue;
    }
    const form = () => formOf(cx, input.type);
    const { before, rest, after } = axesOf(signature, input.type);
    const fixed = before.length + after.length;
    const rank = arg.type.shape.length;
    if (rest === undefined ? rank !== fixed : rank < fixed) {
      caller.error(
        'argument-rank',
        arg.span,
        { callee, param: input.name.text, wanted: form(), got: showShape(arg.type.shape) },
        { notes: originNote(arg, cx) },
      );
      fits = false;
      continue;
    }
    if (rest !== undefined && !bindRest(cx, caller, callee, rest, arg, arg.type.shape.slice(before.length, rank - after.length), form))
      fits = false;
    const between: undefined[] = Array.from({ length: rank - fixed });
    const formals = rank === fixed ? (after.length === 0 ? before : [...before, ...after]) : [...before, ...between, ...after];
    for (const [axis, formal] of formals.entries()) {
      const actual = arg.type.shape[axis];
      if (actual === undefined || formal === undefined) continue;
      const equation = { formal, actual, axis, arg, formals };
      const name = bareName(formal);
      if (name !== undefined && signature.dims.has(name) && cx.body.here(name) === undefined) {
        // `N|1` with a literal 1 does not determine N; another input binds it.
        if (formal.orOne && actual.constant === 1) continue;
        bind(cx, name, actual, formal.span);
        origins.set(name, arg);
      } else equations.push(equation);
    }
  }
  solveAll(cx, signature, equations, origins);
  if (fits && reportUnsolved(cx, caller, callee, signature, equations)) fits = false;
  for (const name of signature.inputDims) {
    if (cx.body.here(name) !== undefined) continue;
    const owner = absentOwner(signature, name, (i) => actuals[i] !== undefined);
    cx.body.define(name, {
      value: owner === undefined ? { kind: 'unknown' } : { kind: 'absent', name: owner },
      span: signature.inputs[0]?.span ?? cx.module.file.span,
      role: 'dim',
    });
  }
  if (!fits || !factsHold()) return false;
  for (const equation of equations) if (!demandEqual(cx, caller, callee, equation, origins)) fits = false;
  return fits;
}

/** A type as it is written in a signature, without its element type. */
function formOf(cx: Context, { dims }: TensorTypeExpr): string {
  return `[${dims.map((d) => (d.kind === 'rest' ? `*${d.name.text}` : dimText(cx.module.file.text, d))).join(', ')}]`;
}

function bind(cx: Context, name: string, dim: Dim, span: Span): void {
  cx.body.define(name, { value: { kind: 'int', dim }, span, role: 'dim' });
}

/** Reports a name that an argument does not determine, because the name is multiplied by zero here: `N * h` with `h = 0`. */
function reportUnsolved(cx: Context, caller: Context, callee: string, signature: Signature, equations: readonly Equation[]): boolean {
  const unbound = unboundIn(cx, signature);
  if (unbound.length === 0) return false;
  for (const { formal, arg } of equations) {
    const name = namesIn(formal.size).find((n) => unbound.includes(n));
    if (name === undefined) continue;
    const text = dimText(cx.module.file.text, formal);
    caller.error('unsolved-size', arg.span, { name, other: undefined, text, of: `\`${callee}\`` }, { notes: originNote(arg, cx) });
    return true;
  }
  return false;
}

function bindRest(cx: Context, caller: Context, callee: string, name: string, arg: Actual, shape: Shape, form: () => string): boolean {
  const before = cx.rests.get(name);
  if (before === undefined || before === 'unknown') {
    cx.rests.set(name, shape);
    return true;
  }
  const same =
    before.length === shape.length && before.every((d, i) => decideEqual(d, shape[i] ?? Dim.of(0), caller.facts).kind === 'proved');
  if (same) return true;
  caller.error(
    'argument-rest',
    arg.span,
    { callee, name, wanted: showShape(before), got: showShape(shape), form: form() },
    { notes: originNote(arg, cx) },
  );
  return false;
}

/** Solves axes that are linear in one unbound name, until no more are found. */
function solveAll(cx: Context, signature: Signature, equations: readonly Equation[], origins: Map<string, Actual>): void {
  for (let progress = true; progress; ) {
    progress = false;
    for (const { formal, actual, arg } of equations) {
      const unbound = unboundIn(cx, signature);
      if (unbound.length === 0) return;
      const probe = withPlaceholders(cx, unbound, () => sizeOf(cx, formal.size));
      const used = probe === undefined ? [] : unbound.filter((name) => probe.variables().has(placeholder(name)));
      const [name] = used;
      if (probe === undefined || name === undefined || used.length !== 1) continue;
      const size = solvedFor(placeholder(name), probe, actual);
      if (size === undefined) continue;
      bind(cx, name, size, formal.span);
      origins.set(name, arg);
      progress = true;
    }
  }
}

function unboundIn(cx: Context, { inputDims }: Signature): readonly string[] {
  const unbound: string[] = [];
  for (const name of inputDims) if (cx.body.here(name) === undefined) unbound.push(name);
  return unbound;
}

function placeholder(name: string): string {
  return `?${name}`;
}

/** The result of `work` while the sizes of `names` are not known yet; its reports are moved to where they are. */
function withPlaceholders<T>(cx: Context, names: readonly string[], work: () => T): T {
  const trial = cx.speculate(() =>
    cx.nested(() => {
      for (const name of names)
        cx.scope.define(name, { value: { kind: 'int', dim: Dim.variable(placeholder(name)) }, span: cx.module.file.span, role: 'dim' });
      return work();
    }),
  );
  return trial.value;
}

function demandEqual(cx: Context, caller: Context, callee: string, equation: Equation, origins: ReadonlyMap<string, Actual>): boolean {
  const { formal, actual, arg } = equation;
  if (formal.orOne && actual.constant === 1) return true;
  const size = sizeOf(cx, formal.size);
  if (size === undefined) return true;
  const answer = caller.settle(decideEqual(actual, size, cx.facts));
  if (answer.kind === 'proved') return true;
  if (answer.kind === 'unknown') {
    cx.leaveOpen('argument-shape', arg.span, { kind: 'equal', left: actual, right: size });
    return true;
  }
  const name = bareName(formal);
  const from = name === undefined ? undefined : origins.get(name);
  caller.error(
    'argument-shape',
    arg.span,
    {
      callee,
      arg: arg.name,
      dim: dimText(cx.module.file.text, formal),
      wanted: size,
      got: actual,
      witness: witnessOf(answer),
    },
    {
      table: { wanted: wantedRow(cx, caller, equation, size), got: arg.type.shape.map(String) },
      ...unequalHelp(caller, [size], [actual]),
      notes: [
        ...(from === undefined || from.span === arg.span
          ? []
          : [{ span: from.span, text: `${name} = ${size} comes from \`${from.name}\` here` }]),
        ...originNote(arg, cx),
      ],
    },
  );
  return false;
}

/** The expected row of the table: what fits is written as in the argument, so that only differences are marked. */
function wantedRow(cx: Context, caller: Context, { formals, axis, arg }: Equation, size: Dim): readonly string[] {
  return arg.type.shape.map((actual, i) => {
    const formal = formals[i];
    if (i === axis) return String(size);
    if (formal === undefined || (formal.orOne && actual.constant === 1)) return String(actual);
    const wanted = sizeOf(cx, formal.size);
    const fits = wanted === undefined || decideEqual(actual, wanted, caller.facts).kind === 'proved';
    return String(fits ? actual : wanted);
  });
}

/** Points at what made the tensor, unless that is the argument itself. */
function originNote(arg: Actual, cx: Context): readonly { span: Span; text: string }[] {
  const origin = arg.origin;
  if (origin === undefined || (origin.file === arg.span.file && origin.start >= arg.span.start && origin.end <= arg.span.end)) return [];
  return [{ span: origin, text: `${cx.show(arg.type)} comes from here` }];
}
