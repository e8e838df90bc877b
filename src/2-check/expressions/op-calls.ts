import type { Code } from '../../diagnostics/catalog.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import type { Span } from '../../diagnostics/span.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Answer } from '../../dims/decide.js';
import { attrNamed } from '../../ops/attributes.js';
import type { Attr } from '../../ops/attrs.js';
import type { InputSpec, Op } from '../../ops/define.js';
import { isVariadic } from '../../ops/op-lists.js';
import { opNamed } from '../../ops/registry.js';
import { RuleFailure } from '../../ops/rule.js';
import { factOf, type Residual } from '../../ops/symbolic-rule.js';
import type { DType, TensorType } from '../../ops/types.js';
import type { Argument, CallSite, Context } from '../context.js';
import { meansAllAxes, otherwise, otherwiseFor, reportFunction, withoutArgument } from '../pytorch/report-function.js';
import { makeDataSizes } from '../sizes/data-sizes.js';
import { adviceToState } from '../sizes/suggested-facts.js';
import { unequalHelp } from '../sizes/unequal-help.js';
import { whenText } from '../sizes/witness-text.js';
import { demandedArgument, presentArgument, presentIn } from '../values/absence.js';
import { demandFittingOptions, promote } from '../values/scalars.js';
import { type CheckValue, describe, holdsTensor, isPoison, type Local, type Poison, type TensorValue, unknown } from '../values/values.js';
import { decimalFixes, wholeChoices } from '../values/whole-choices.js';
import { attrValue, looksLike } from './attr-values.js';
import { buildFloatHelp } from './build-float-help.js';
import { reportByName } from './by-name.js';
import { reportNotTensor } from './not-a-tensor.js';
import { inferOpen } from './open-options.js';
import { isInside, operandNotes, type Slot } from './operand-notes.js';
import { reportSeveral } from './outputs.js';

/** Applies an operator as the user wrote it: tensors first, in order or by name, then options. */
export function applyOperator(cx: Context, op: Op, args: readonly Argument[], site: CallSite): CheckValue {
  const { inputs: table, byPosition: positional, attrs: attrTable, positionalAttrs: byPosition } = op.lists();
  const slots = new Map<string, Argument | readonly Argument[]>();
  const given: Record<string, unknown> = {};
  const attrArgs = new Map<string, Argument>();
  const extra: Argument[] = [];
  let nextInput = 0;
  let nextAttr = 0;
  let ok = true;
  let poisoned = false;
  /** Only an optional input accepts a value that may be absent; if it is absent, the input is omitted. */
  const place = (name: string, spec: InputSpec, arg: Argument): void => {
    const taken = isOptional(spec) ? presentArgument(arg) : demandedArgument(cx, arg);
    const before = (slots.get(name) as readonly Argument[] | undefined) ?? [];
    if (taken.value.kind === 'unknown') poisoned = true;
    if (taken.value.kind !== 'absent') slots.set(name, isVariadic(spec) && arg.name === undefined ? [...before, taken] : taken);
  };

  for (const arg of op.lists().takesSeveral ? args.flatMap((a) => spread(a, table)) : args) {
    if (arg.name !== undefined) {
      const attr = attrNamed(op, arg.name);
      const input = table.find(([name]) => name === arg.name);
      if (attr !== undefined && attrArgs.has(attr)) {
        cx.error('duplicate-argument', arg.nameSpan ?? arg.span, { callee: op.name, name: arg.name });
        ok = false;
      } else if (attr !== undefined) attrArgs.set(attr, arg);
      else if (input !== undefined) place(arg.name, input[1], arg);
      else {
        if (reportFunction(cx, op, args, site)) return unknown;
        const known = [...table, ...attrTable].map(([name]) => shownName(name));
        const params = { callee: op.name, name: arg.name, known, near: suggest(arg.name, known) };
        cx.error('unknown-argument', arg.nameSpan ?? arg.span, params, {
          help: withoutArgument(op, arg.name) ?? otherwiseFor(op, arg.name),
        });
        ok = false;
      }
      continue;
    }
    const [name, spec] = positional[nextInput] ?? [];
    if (spec !== undefined && arg.value.kind === 'tuple' && arg.value.items.some(holdsTensor) && reportSeveral(cx, arg.value, arg.span))
      return unknown;
    if (name !== undefined && spec !== undefined && fitsInput(op, presentIn(arg.value))) {
      place(name, spec, arg);
      if (!isVariadic(spec)) nextInput++;
      continue;
    }
    if (spec !== undefined && isVariadic(spec) && arg.value.kind === 'list' && arg.value.items.length === 0) continue;
    while (attrArgs.has(byPosition[nextAttr] ?? '')) nextAttr++;
    const attr = byPosition[nextAttr];
    // After a variable number of tensors, a reader could not tell where the options begin.
    const followsVariadic = spec !== undefined && isVariadic(spec) && slots.has(name ?? '');
    if (attr === undefined || followsVariadic) extra.push(arg);
    else attrArgs.set(attr, arg);
  }
  if (extra.length > 0) {
    if (reportFunction(cx, op, args, site)) return unknown;
    if (!poisonedBy(extra)) reportExtra(cx, op, attrArgs, extra);
    ok = false;
  }
  for (const [name, spec] of table) {
    if (slots.has(name) || isOptional(spec)) continue;
    if (poisoned || poisonedBy(args)) return unknown;
    cx.error('missing-tensor', site.calleeSpan, {
      callee: op.name,
      input: name,
      doc: typeof spec === 'string' ? spec : spec.doc,
      example: op.doc.example,
    });
    return unknown;
  }

  if (meansAllAxes(cx, op, args, site)) return unknown;
  const inputs = table.map(([name]) => toTensors(cx, op, slots.get(name), slots));
  if (inputs.some(isPoison) || args.some((a) => a.value.kind === 'unknown' && a.expr?.kind !== 'rearrange-pattern')) return unknown;
  // Axes are named by the sizes of the first tensor; all parts of a `concat` have the same number of axes.
  const first = firstTensor(inputs as readonly Slot[]);
  for (const [attr, raw] of attrArgs) {
    const { fallback } = op.attrs[attr] ?? {};
    // An option that has no value when omitted may be `none`.
    const mayBeAbsent = fallback !== undefined && fallback.value === undefined;
    const arg = mayBeAbsent ? presentArgument(raw) : demandedArgument(cx, raw);
    if (arg.value.kind === 'absent') continue;
    const value = attrValue(cx, op, attr, arg, first?.local.type);
    if (isPoison(value)) ok = false;
    else given[attr] = value;
  }
  if (!ok || poisoned) return unknown;
  const spans = (name: string): Span | undefined => {
    const slot = slots.get(name) ?? attrArgs.get(name);
    return slot === undefined ? undefined : 'span' in slot ? slot.span : slot[0]?.span;
  };
  return emitOperator(cx, op, inputs as readonly Slot[], given, site, spans);
}

/** Calls operator `name` on tensors, with options of the right kinds. */
export function callOp(
  cx: Context,
  name: string,
  inputs: readonly Slot[],
  attrs: Readonly<Record<string, unknown>>,
  span: Span,
): CheckValue {
  const op = opNamed(name);
  if (op === undefined) throw new InternalError(`there is no operator ${name}`);
  return emitOperator(cx, op, inputs, attrs, { span, calleeSpan: span }, () => undefined);
}

function emitOperator(
  cx: Context,
  op: Op,
  inputs: readonly Slot[],
  given: Readonly<Record<string, unknown>>,
  site: CallSite,
  spanOf: (name: string) => Span | undefined,
): CheckValue {
  try {
    const options = withBuildTypes(op, given, cx.float);
    const tensors = inputs.map((slot) => mapSlot(slot, typeOfValue));
    const call = { op, inputs: tensors, options, facts: cx.facts, literals: literalsIn(op, inputs) };
    const inferred = inferOpen(call, (residual) => leaveOpen(cx, residual, site));
    if (inferred === undefined) return unknown;
    const { attrs } = inferred;
    const types = makeDataSizes(cx, inferred.newSizes, inferred.types, site.span);
    const [result] = types;
    if (result !== undefined && !demandFittingOptions(cx, op, attrs, result.dtype, (name) => spanOf(name) ?? site.span)) return unknown;
    const chosen = wholeChoices(op, inputs);
    const outputs = types.map((type): Local => {
      const local = cx.local(type, site.span);
      return chosen === undefined ? local : { ...local, wholeChoices: chosen };
    });
    cx.steps.push({
      kind: 'op',
      op,
      inputs: inputs.map((slot) => mapSlot(slot, localOf)),
      attrs,
      outputs,
      span: site.span,
    });
    return asValue(outputs, op.outputsFor?.(attrs) ?? op.outputs);
  } catch (error) {
    if (!(error instanceof RuleFailure)) throw error;
    const answer: Answer = error.witness === undefined ? { kind: 'never' } : { kind: 'not-always', witness: error.witness };
    if (cx.settle(answer).kind === 'unknown') cx.leaveOpen(error.code, site.span, ...(error.fact === undefined ? [] : [error.fact]));
    else reportFailure(cx, error, op, inputs, site, spanOf);
    return unknown;
  }
}

/** What a shape rule could not decide. A size that must be a number may still become one while sizes are variables, but not in a model. */
function leaveOpen(cx: Context, residual: Residual, { span }: CallSite): void {
  const fact = factOf(residual);
  if (fact !== undefined) cx.leaveOpen(residual.code, span, fact);
  else if (cx.rigid) cx.leaveOpen(residual.code, span);
  else throw new RuleFailure(residual.code, residual.say());
}

function asValue(outputs: readonly Local[], names: readonly string[]): CheckValue {
  const [only] = outputs;
  if (outputs.length === 1 && only !== undefined && names.length === 1) return { kind: 'tensor', local: only };
  return { kind: 'tuple', items: outputs.map((local) => ({ kind: 'tensor', local })), names: outputs.map((_, i) => names[i]) };
}

/** Reports what a shape rule refused: at the option or argument that it names, with notes about where the tensors come from. */
function reportFailure(
  cx: Context,
  failure: RuleFailure,
  op: Op,
  inputs: readonly Slot[],
  site: CallSite,
  spanOf: (name: string) => Span | undefined,
): void {
  const { demand, code, witness } = failure;
  const at =
    (demand.attr === undefined ? undefined : spanOf(demand.attr)) ?? (demand.input === undefined ? undefined : spanOf(demand.input));
  // A piped tensor precedes the stage; point at the stage.
  const span = at !== undefined && isInside(at, site.span) ? at : site.span;
  const { wanted, got } = demand;
  const table = wanted !== undefined && got !== undefined && wanted.length === got.length ? { wanted, got } : undefined;
  const evenly = table === undefined ? undefined : unequalHelp(cx, table.wanted, table.got);
  const advice = evenly ?? (demand.help === undefined && failure.fact !== undefined ? adviceToState(cx, [failure.fact]) : {});
  const operands = inputs.flatMap((slot) => (slot === undefined ? [] : 'kind' in slot ? [slot.local] : slot.map((v) => v.local)));
  const chosen = operands.find((local) => local.wholeChoices !== undefined);
  const other = operands.find((local) => local !== chosen)?.type.dtype;
  const decimals = code === 'dtype-mismatch' && chosen !== undefined ? decimalFixes(cx, chosen, other) : [];
  const dtypes = inputs.map((slot) => (slot !== undefined && 'kind' in slot ? slot.local.type.dtype : undefined));
  const help = buildFloatHelp(failure, op, dtypes, cx.float) ?? demand.help;
  cx.error(
    code satisfies Code,
    span,
    {
      message: withUserNames(cx, demand.message, op, inputs) + whenText(witness),
      ...(help === undefined ? {} : { help: withUserNames(cx, help, op, inputs) }),
    },
    {
      notes: operandNotes(cx, inputs, span),
      table: table && { wanted: table.wanted.map(String), got: table.got.map(String) },
      ...(decimals[0] === undefined ? advice : { help: decimals[0].title, fixes: decimals }),
    },
  );
}

/** An operator's sentence names its own inputs; the user knows the tensors by other names, as they are written, or by their position. */
function withUserNames(cx: Context, message: string, op: Op, inputs: readonly Slot[]): string {
  const names = new Map<string, string>();
  const places = new Map<string, string>();
  for (const [i, name] of Object.keys(op.inputs).entries()) {
    const slot = inputs[i];
    if (slot === undefined || !('kind' in slot)) continue;
    const known = slot.local.hint ?? shortText(cx, slot.local.span);
    if (known !== undefined) names.set(name, known);
    else places.set(`\`${name}\``, inputs.length === 1 ? 'its input' : `its ${ordinals[i]} input`);
  }
  return message.replace(
    /`[^`]*`/g,
    (quoted) => places.get(quoted) ?? quoted.replace(/\b[a-z]\w*\b(?! *[=(])/gi, (word) => names.get(word) ?? word),
  );
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'];

/** An expression of the user's as it is written, if that is short enough for a sentence. */
function shortText(cx: Context, { file, start, end }: Span): string | undefined {
  const text = file === cx.module.file.path ? cx.module.file.text.slice(start, end) : '';
  return text !== '' && text.length <= 40 && !/[\n`]/.test(text) ? text : undefined;
}

// ---------------------------------------------------------------- arguments

/** `concat([a, b])` is `concat(a, b)`. */
function spread(arg: Argument, table: readonly (readonly [string, InputSpec])[]): readonly Argument[] {
  const variadic = table.some(([name, spec]) => isVariadic(spec) && (arg.name === undefined || arg.name === name));
  if (!variadic || (arg.value.kind !== 'list' && arg.value.kind !== 'tuple')) return [arg];
  const { items } = arg.value;
  if (items.length === 0 || !items.every((item) => item.kind === 'tensor' || item.kind === 'unknown')) return [arg];
  return items.map((value) => ({ value, span: arg.span }));
}

function isOptional(spec: InputSpec): boolean {
  return typeof spec !== 'string' && spec.mode === 'optional';
}

function fitsInput(op: Op, value: CheckValue): boolean {
  switch (value.kind) {
    case 'tensor':
    case 'unknown':
      return true;
    case 'absent':
      return true;
    case 'int':
    case 'float':
    case 'bool':
      return op.promotesScalars === true;
    default:
      return false;
  }
}

/** Reports arguments by position for which no remaining input or option may be given so. */
function reportExtra(cx: Context, op: Op, given: ReadonlyMap<string, Argument>, extra: readonly Argument[]): void {
  const tensors = Object.entries<InputSpec>(op.inputs).filter(
    ([, spec]) => typeof spec !== 'string' && spec.mode === 'optional' && spec.byName,
  );
  const open = Object.entries<Attr<unknown>>(op.attrs).filter(([name]) => !given.has(name));
  const tooMany = extra[tensors.length + open.length];
  if (tooMany !== undefined) {
    const max = Object.keys(op.inputs).length + Object.keys(op.attrs).length;
    const known = [...Object.keys(op.inputs), ...Object.keys(op.attrs)];
    const what = describe(tooMany.value, (t) => cx.show(t));
    cx.error('too-many-arguments', tooMany.span, { callee: op.name, what, max, known }, { help: otherwise(op) });
    return;
  }
  const options = [
    ...tensors.map(([name]) => ({ name, fits: (value: CheckValue) => value.kind === 'tensor' })),
    ...open.map(([name, { kind }]) => ({ name: shownName(name), fits: (value: CheckValue) => looksLike(value, kind) })),
  ];
  reportByName(cx, op.name, options, extra, 'unknown', otherwise(op));
}

/** `axis` for one axis or several, as examples write it. */
function shownName(name: string): string {
  return name === 'axes' ? 'axis' : name;
}

function poisonedBy(args: readonly Argument[]): boolean {
  return args.some((a) => a.value.kind === 'unknown');
}

function toTensors(
  cx: Context,
  op: Op,
  slot: Argument | readonly Argument[] | undefined,
  slots: ReadonlyMap<string, Argument | readonly Argument[]>,
): Slot | Poison {
  if (slot === undefined) return undefined;
  if (!('value' in slot)) {
    const values = slot.map((arg) => toTensor(cx, op, arg, slots));
    return values.some(isPoison) ? unknown : (values as readonly TensorValue[]);
  }
  return toTensor(cx, op, slot, slots);
}

function toTensor(cx: Context, op: Op, arg: Argument, slots: ReadonlyMap<string, Argument | readonly Argument[]>): TensorValue | Poison {
  if (arg.value.kind === 'tensor') return arg.value;
  if (arg.value.kind === 'unknown') return unknown;
  const tensor = op.promotesScalars === true ? promote(cx, arg.value, scalarDtype(cx, op, slots), arg.span) : undefined;
  if (tensor !== undefined) return tensor;
  reportNotTensor(cx, arg.value, arg.span, `\`${op.name}\` needs a tensor here`);
  return unknown;
}

/** The options of a call, with the build's float type for the element types that follow it. */
function withBuildTypes(op: Op, given: Readonly<Record<string, unknown>>, float: DType): Readonly<Record<string, unknown>> {
  let all = given;
  for (const name of op.lists().buildFloats) if (!(name in given)) all = { ...all, [name]: float };
  return all;
}

/**
 * The dtype of literals among the arguments: that of the other tensors, not counting a condition. Without one, whole numbers that `where`
 * chooses between are i64, booleans stay booleans, and other numbers have the build's float type.
 */
function scalarDtype(cx: Context, op: Op, slots: ReadonlyMap<string, Argument | readonly Argument[]>): DType {
  const values = [...slots].filter(([name]) => name !== 'condition').flatMap(([, slot]) => ('value' in slot ? [slot] : slot));
  const tensors = values.flatMap(({ value }) => (value.kind === 'tensor' ? [value.local.type.dtype] : []));
  const literals = values.flatMap(({ value }) => (value.kind === 'tensor' ? [] : [value.kind]));
  const numbers = literals.some((kind) => kind === 'int' || kind === 'float');
  const typed = tensors.find((dtype) => dtype !== 'bool') ?? tensors[0];
  if (typed !== undefined) return typed;
  if (!numbers) return 'bool';
  return op.name === 'where' && literals.every((kind) => kind === 'int') ? 'i64' : cx.float;
}

const noLiterals: ReadonlyMap<string, number> = new Map();

/** The inputs that were written as numbers. */
function literalsIn(op: Op, inputs: readonly Slot[]): ReadonlyMap<string, number> {
  let literals: Map<string, number> | undefined;
  for (const [i, [name]] of op.lists().inputs.entries()) {
    const slot = inputs[i];
    const literal = slot !== undefined && 'kind' in slot ? slot.local.literal : undefined;
    if (literal !== undefined) literals = (literals ?? new Map<string, number>()).set(name, literal);
  }
  return literals ?? noLiterals;
}

function firstTensor(slots: readonly Slot[]): TensorValue | undefined {
  for (const slot of slots) {
    const tensor = slot === undefined || 'kind' in slot ? slot : slot[0];
    if (tensor !== undefined) return tensor;
  }
  return undefined;
}

function typeOfValue({ local }: TensorValue): TensorType {
  return local.type;
}

function localOf({ local }: TensorValue): Local {
  return local;
}

function mapSlot<B>(slot: Slot, map: (value: TensorValue) => B): B | readonly B[] | undefined {
  if (slot === undefined) return undefined;
  return 'kind' in slot ? map(slot) : slot.map(map);
}
