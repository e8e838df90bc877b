import type { Carry, EmitStmt, Name, NextStmt, Pattern, ScanStmt } from '../../1-syntax/ast.js';
import { givenIn } from '../../1-syntax/walk.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import type { Span } from '../../diagnostics/span.js';
import type { TensorType } from '../../ops/types.js';
import type { Context } from '../context.js';
import { reportNotTensor } from '../expressions/not-a-tensor.js';
import type { Binding } from '../modules/scope.js';
import { type CheckValue, type Local, unknown } from '../values/values.js';
import { bindName, define } from './binding.js';
import { type Inside, inControlFlow, sizeInside } from './control-flow.js';
import { carryType, initialCarry, nextCarry } from './scan-carries.js';
import { type Operand, type Operands, operandsOf } from './scan-operands.js';

/** A carry before the body and in it; parts are `undefined` where something is wrong or not known. */
interface Carried {
  readonly name: Name;
  readonly type: TensorType | undefined;
  readonly init: Local | undefined;
  readonly inside: Local | undefined;
}

/** What each step gives under a name, and the tensor that it becomes. */
interface Emitted {
  readonly name: string;
  readonly binding: Binding;
  readonly value: Local | undefined;
  readonly type: TensorType | undefined;
  readonly axis: number;
}

/**
 * `scan xt over x axis 1 carry h: T = zeros { ... }`: the body is checked once, for one step. After it, the carries have their last values, and what is emitted is
 * stacked along the axis of the first operand.
 */
export function runScan(cx: Context, statement: ScanStmt): void {
  const problems = cx.problems.length;
  const found = operandsOf(cx, statement);
  const carried = statement.carries.map((carry) => carriedFrom(cx, carry));
  reportTwice(cx, [...namesIn(statement.items), ...carried.map(({ name }) => name)]);
  const items = found?.operands.map((operand) => itemOf(cx, operand));
  const carries = new Map(carried.map(({ name, type }) => [name.text, type]));
  const inside = inControlFlow(cx, { kind: 'scan', carries }, () => {
    for (const { name, inside: local } of carried) define(cx, name, tensor(local), 'loop');
    cx.interpreter.bindPattern(cx, statement.items, itemsValue(found, items), 'loop');
    cx.interpreter.runBlock(cx, statement.body);
    return cx.frame.scope.snapshot();
  });
  const { value, steps } = inside;
  if (carried.length === 0 && givenIn(statement.body, 'emit').length === 0 && cx.problems.length === problems)
    cx.error('empty-scan', headOf(statement), {});
  const emits = emittedIn(cx, inside, found);
  const after = carried.map(({ name, type }) => type && cx.local(type, name.span, name.text));
  const stacked = emits.map(({ name, type, binding }) => type && cx.local(type, binding.span, name));
  const inits = carried.map(({ init }) => init);
  const insides = carried.map((each) => each.inside);
  const results = [...carried.map((each) => nextOf(each, value)), ...emits.map((each) => each.value)];
  const outputs = [...after, ...stacked];
  if (found !== undefined && items !== undefined && isWhole(inits) && isWhole(insides) && isWhole(results) && isWhole(outputs)) {
    cx.steps.push({
      kind: 'scan',
      inputs: [...inits, ...found.operands.map(({ local }) => local)],
      formals: [...insides, ...items],
      steps: {
        carries: carried.length,
        operandAxes: found.operands.map(({ axis }) => axis),
        emitAxes: emits.map(({ axis }) => axis),
        reverse: statement.reverse,
        length: found.length,
      },
      body: { steps, results },
      outputs,
      span: headOf(statement),
    });
  }
  for (const [i, { name, binding }] of emits.entries()) bindAfter(cx, { text: name, span: binding.span }, stacked[i], binding.absent);
  for (const [i, { name }] of carried.entries()) bindAfter(cx, name, value.has(keyOf.emit(name.text)) ? undefined : after[i]);
}

function carriedFrom(cx: Context, carry: Carry): Carried {
  const { name } = carry;
  const type = carryType(cx, carry);
  const init = type === undefined ? undefined : initialCarry(cx, carry, type);
  return { name, type, init, inside: type && cx.local(type, name.span, name.text) };
}

function itemOf(cx: Context, { local, axis }: Operand): Local {
  const { dtype, shape } = local.type;
  return cx.local({ dtype, shape: shape.toSpliced(axis, 1) }, local.span);
}

/** What the pattern takes apart: one slice, or one of each operand. */
function itemsValue(found: Operands | undefined, items: readonly Local[] = []): CheckValue {
  if (found === undefined) return unknown;
  return found.isTuple ? { kind: 'tuple', items: items.map(tensor) } : tensor(items[0]);
}

function tensor(local: Local | undefined): CheckValue {
  return local === undefined ? unknown : { kind: 'tensor', local };
}

function bindAfter(cx: Context, name: Name, local: Local | undefined, absent?: Binding['absent']): void {
  bindName(cx, { kind: 'bind', name, span: name.span }, tensor(local), 'variable', absent);
}

/** The beginning of a scan, up to its block. */
function headOf({ span, axis, carries }: ScanStmt): Span {
  return spanBeside(span, span.start, (carries.at(-1)?.init ?? axis).span.end);
}

function isWhole(locals: readonly (Local | undefined)[]): locals is readonly Local[] {
  return locals.every((local) => local !== undefined);
}

function namesIn(pattern: Pattern): readonly Name[] {
  return pattern.kind === 'bind' ? [pattern.name] : pattern.items.flatMap(namesIn);
}

function reportTwice(cx: Context, names: readonly Name[]): void {
  const seen = new Map<string, Name>();
  for (const name of names) {
    const before = seen.get(name.text);
    if (before === undefined || name.text === '' || name.text === '_') seen.set(name.text, name);
    else reportAgain(cx, name, before.span);
  }
}

function reportAgain(cx: Context, { text, span }: Name, first: Span): void {
  cx.error('duplicate-name', span, { name: text }, { notes: [{ span: first, text: 'first declared here' }] });
}

// ---------------------------------------------------------------- next, emit

/** Under which name the block of a scan holds what `next` and `emit` give: branches of an `if` are joined as for variables. */
const keyOf = { next: (name: string) => `next ${name}`, emit: (name: string) => `emit ${name}` } as const;

/** `next h = ...` in control flow. */
export function nextInScan(cx: Context, { name, value: expr, span }: NextStmt): void {
  const value = cx.evaluate(expr);
  const { kind, carries } = cx.frame;
  if (kind === 'cond') cx.error('misplaced-statement', span, { word: 'next', inside: kind });
  else if (carries?.has(name.text) !== true) cx.error('next-carry', name.span, { name: name.text, known: [...(carries?.keys() ?? [])] });
  else {
    const type = carries.get(name.text);
    const local = type === undefined ? undefined : nextCarry(cx, name.text, value, type, expr);
    const before = hold(cx, keyOf.next(name.text), local, name.span);
    if (before !== undefined)
      cx.error('next-twice', name.span, { name: name.text }, { notes: [{ span: before, text: 'first given here' }] });
  }
}

/** `emit y = ...` */
export function emit(cx: Context, { name, value: expr, span }: EmitStmt): void {
  const value = cx.evaluate(expr);
  const { kind, carries } = cx.frame;
  if (kind !== 'scan') {
    cx.error('misplaced-statement', span, { word: 'emit', inside: kind === 'cond' ? kind : undefined });
    return;
  }
  if (name.text === '') return;
  if (value.kind !== 'tensor' && value.kind !== 'unknown') reportNotTensor(cx, value, expr.span, '`emit` stacks tensors');
  const before = hold(cx, keyOf.emit(name.text), value.kind === 'tensor' ? value.local : undefined, name.span);
  if (before !== undefined) reportAgain(cx, name, before);
  else if (carries?.has(name.text) === true) cx.error('emit-carry', name.span, { name: name.text });
}

/** Remembers what a step gives; returns where that was given already, on the same path. */
function hold(cx: Context, key: string, local: Local | undefined, span: Span): Span | undefined {
  const before = cx.scope.find(key, cx.frame.scope);
  cx.scope.assign(key, { value: tensor(local), span, role: 'variable' }, cx.frame.scope);
  return before === undefined || before.absent !== undefined ? undefined : before.span;
}

/** What a carry is at the next step: the same, if nothing else is given. */
function nextOf({ name, inside }: Carried, ends: ReadonlyMap<string, Binding>): Local | undefined {
  const binding = ends.get(keyOf.next(name.text));
  if (binding === undefined) return inside;
  return binding.value.kind === 'tensor' ? binding.value.local : undefined;
}

function emittedIn(
  cx: Context,
  { value: ends, sizes }: Inside<ReadonlyMap<string, Binding>>,
  found: Operands | undefined,
): readonly Emitted[] {
  const prefix = keyOf.emit('');
  return [...ends].flatMap(([key, binding]): readonly Emitted[] => {
    if (!key.startsWith(prefix)) return [];
    const name = key.slice(prefix.length);
    const value = binding.value.kind === 'tensor' ? binding.value.local : undefined;
    if (value === undefined || found === undefined) return [{ name, binding, value, type: undefined, axis: 0 }];
    const { dtype, shape } = value.type;
    const { stackAxis, length } = found;
    const rank = shape.length + 1;
    const axis = stackAxis < 0 ? stackAxis + rank : stackAxis;
    const fits = axis >= 0 && axis < rank;
    if (!fits) cx.error('emit-rank', binding.span, { name, type: cx.show(value.type), axis: stackAxis });
    const size = sizeInside(value.type, sizes);
    if (size !== undefined) cx.error('emit-size', binding.span, { name, type: cx.show(value.type), size });
    return [
      { name, binding, value, type: fits && size === undefined ? { dtype, shape: shape.toSpliced(axis, 0, length) } : undefined, axis },
    ];
  });
}
