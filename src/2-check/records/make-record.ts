import type { ConfigDecl, Param } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import { suggest } from '../../diagnostics/suggest.js';
import { SnapshotMap } from '../../snapshot-map.js';
import type { Argument, CallSite, Context } from '../context.js';
import { usedHere } from '../layers/blame.js';
import { asGiven, reportMissing } from '../layers/hyper.js';
import { fitsKind, type Kind, kindOf, kindWords, mayBeNone } from '../modules/kinds.js';
import type { Module } from '../modules/modules.js';
import type { OpenDemand } from '../session.js';
import { demandFacts } from '../sizes/where-demands.js';
import { literalValue } from '../values/literals.js';
import { collection } from '../values/value-limits.js';
import { type CheckValue, type ConfigValue, describe, holdsTensor, unknown } from '../values/values.js';
import { fieldsContext } from './fields-context.js';

/** A value for a parameter, or how to make it from the value that the parameter has otherwise. */
export type Given = Pick<Argument, 'value' | 'span'> | Change;

export interface Change {
  readonly change: (usual: CheckValue | undefined) => CheckValue;
  readonly span: Span;
}

/** `LlamaConfig(D = 64)`, or `LlamaConfig(*c, D = 64)`, a copy with changes. */
export function makeRecord(cx: Context, config: ConfigValue, args: readonly Argument[], site: CallSite): CheckValue {
  const given = givenFields(cx, config.decl, args);
  return given === undefined ? unknown : recordOf(cx, config, given, site);
}

/** The record with these values: defaults are computed once all given values are known, and the facts must hold. */
export function recordOf(cx: Context, { decl, module }: ConfigValue, given: ReadonlyMap<string, Given>, site: CallSite): CheckValue {
  const callee = decl.name.text;
  const { instantiationDepth: limit } = cx.session.limits;
  if (cx.depth >= limit) {
    // A default that makes a record of its own `config` never ends.
    cx.error('instantiation-depth', site.span, { limit, name: callee });
    return unknown;
  }
  const fields = bindFields(cx, callee, decl.fields, module, given, site);
  if (fields === undefined) return unknown;
  const own = fieldsContext(cx, module, decl.fields, fields);
  const holds = demandFacts(cx, own, callee, decl.where, site.span);
  for (const problem of own.problems) cx.problems.push(usedHere(problem, callee, site));
  if (!holds || own.problems.length > 0) return unknown;
  cx.facts = own.facts;
  return collection(cx, { kind: 'record', decl, module, fields, given: new Set(given.keys()) }, site.span);
}

/** A value for each parameter, with defaults filled in; one may use the parameters before it. `undefined` if something is wrong, which is reported. */
export function bindFields(
  cx: Context,
  callee: string,
  params: readonly Param[],
  module: Module,
  given: ReadonlyMap<string, Given>,
  site: CallSite,
): ReadonlyMap<string, CheckValue> | undefined {
  const values = new Map<string, CheckValue>();
  let ok = true;
  for (const param of params) {
    const name = param.name.text;
    const value = given.get(name);
    // Demands of an unused default do not count.
    const open = value !== undefined && 'value' in value ? new SnapshotMap<string, OpenDemand>() : cx.open;
    const bound = fieldValue(cx, callee, { param, module, fields: () => fieldsContext(cx, module, params, values, open) }, value, site);
    if (bound === undefined) ok = false;
    else values.set(name, bound);
  }
  return ok ? values : undefined;
}

/** The fields that a call gives, by name, starting with those of the record that is copied. `undefined` if one cannot be given so, which is reported. */
function givenFields(cx: Context, decl: ConfigDecl, args: readonly Argument[]): ReadonlyMap<string, Argument> | undefined {
  const callee = decl.name.text;
  const known = decl.fields.map((f) => f.name.text);
  const copied = new Map<string, Argument>();
  const written = new Map<string, Argument>();
  let ok = true;
  for (const [i, arg] of args.entries()) {
    if (arg.value.kind === 'unknown') ok &&= arg.spread !== true;
    if (arg.spread === true) {
      const { value, span } = arg;
      if (value.kind === 'record' && value.decl === decl && i === 0)
        for (const [name, item] of value.fields) copied.set(name, { value: item, span });
      else if (value.kind !== 'unknown') {
        cx.error('spread-argument', span, { callee, record: callee, got: describe(value, (t) => cx.show(t)), late: i > 0 });
        ok = false;
      }
    } else if (arg.name === undefined) {
      cx.error('positional-field', arg.span, { callee, known });
      return undefined;
    } else if (!known.includes(arg.name)) {
      cx.error('unknown-argument', arg.nameSpan ?? arg.span, { callee, name: arg.name, known, near: suggest(arg.name, known) });
      ok = false;
    } else if (written.has(arg.name)) {
      cx.error('duplicate-argument', arg.nameSpan ?? arg.span, { callee, name: arg.name });
      ok = false;
    } else written.set(arg.name, arg);
  }
  return ok ? new Map([...copied, ...written]) : undefined;
}

/** A field of a record, or a hyperparameter, and the context of its default. */
interface Field {
  readonly param: Param;
  readonly module: Module;
  readonly fields: () => Context;
}

/** The value of one parameter: the given one, else its default. `undefined` if it has none, or a wrong one, which is reported. */
function fieldValue(
  cx: Context,
  callee: string,
  { param, module, fields }: Field,
  given: Given | undefined,
  site: CallSite,
): CheckValue | undefined {
  const { fallback } = param;
  if (given === undefined && fallback === undefined) {
    reportMissing(cx, callee, param, module, site);
    return undefined;
  }
  let usual = fallback === undefined ? undefined : literalValue(fallback);
  if (fallback !== undefined && usual === undefined) {
    const own = fields();
    usual = own.evaluateOptional(fallback);
    if (given === undefined || 'change' in given) {
      for (const problem of own.problems) cx.problems.push(usedHere(problem, callee, site));
      if (own.problems.length > 0) return undefined;
    }
  }
  if (given === undefined) return usual;
  // If a value is given, the default only determines the kind.
  const { value } = asGiven(cx, param, { value: 'change' in given ? given.change(usual) : given.value, span: given.span });
  const kind = kindOf(param, usual, module);
  if ((value.kind === 'absent' && mayBeNone(param)) || fitsField(value, kind)) return asKind(value, kind);
  const wanted = kind === 'any' ? 'a compile-time value' : kindWords(kind);
  cx.error('argument-kind', given.span, { callee, name: param.name.text, wanted, got: describe(value, (t) => cx.show(t)) });
  return undefined;
}

/** Whether a field of this kind can have this value; tensors and absent values are not allowed. */
export function fitsField(value: CheckValue, kind: Kind): boolean {
  return fitsKind(value, kind) && !holdsTensor(value) && value.kind !== 'absent' && value.kind !== 'namespace';
}

/** An integer where a float is expected is converted to it. */
function asKind(value: CheckValue, kind: Kind): CheckValue {
  const constant = kind === 'float' && value.kind === 'int' ? value.dim.constant : undefined;
  return constant === undefined ? value : { kind: 'float', value: constant };
}
