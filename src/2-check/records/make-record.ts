import type { ConfigDecl, Param } from '../../1-syntax/ast.js';
import { suggest } from '../../diagnostics/suggest.js';
import { usedHere } from '../blame.js';
import { collection } from '../bounded.js';
import type { Argument, CallSite, Context } from '../context.js';
import { fitsKind, type Kind, kindOf, kindWords } from '../kinds.js';
import { literalValue } from '../literals.js';
import type { Module } from '../modules.js';
import { type CheckValue, type ConfigValue, describe, holdsTensor, unknown } from '../values.js';
import { demandFacts } from '../where-demands.js';
import { fieldsContext } from './fields-context.js';

/** `LlamaConfig(D = 64)`, or `LlamaConfig(*c, D = 64)`, a copy with changes. Defaults are computed once all that is given is known; the facts have to hold. */
export function makeRecord(cx: Context, { decl, module }: ConfigValue, args: readonly Argument[], site: CallSite): CheckValue {
  const given = givenFields(cx, decl, args);
  if (given === undefined) return unknown;
  const values = new Map<string, CheckValue>();
  let ok = true;
  for (const field of decl.fields) {
    const value = fieldValue(cx, decl, module, field, given.get(field.name.text), values, site);
    if (value === undefined) ok = false;
    else values.set(field.name.text, value);
  }
  if (!ok) return unknown;
  const own = fieldsContext(cx, module, decl.fields, values);
  if (!demandFacts(cx, own, decl.name.text, decl.where, site.span)) return unknown;
  cx.facts = own.facts;
  return collection(cx, { kind: 'record', decl, module, fields: values, given: new Set(given.keys()) }, site.span);
}

/** The fields that a call gives, by name: those of the record that is copied first. `undefined` if one cannot be given so, which is reported. */
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

/** The value of one field: what is given, else its default, which may use the fields before it. `undefined` if it has none, which is reported. */
function fieldValue(
  cx: Context,
  decl: ConfigDecl,
  module: Module,
  field: Param,
  given: Argument | undefined,
  before: ReadonlyMap<string, CheckValue>,
  site: CallSite,
): CheckValue | undefined {
  const callee = decl.name.text;
  const name = field.name.text;
  const { fallback } = field;
  if (given === undefined && fallback === undefined) {
    const notes = [{ span: field.span, text: `\`${name}\` has no default` }];
    cx.error('missing-argument', site.calleeSpan, { callee, name, kind: kindWords(kindOf(field, undefined, module)) }, { notes });
    return undefined;
  }
  const own = fieldsContext(cx, module, decl.fields, before, given === undefined ? cx.open : new Map());
  const usual = fallback === undefined ? undefined : (literalValue(fallback) ?? own.evaluate(fallback));
  // Where a value is given, the default only tells its kind.
  if (given === undefined) for (const problem of own.problems) cx.problems.push(usedHere(problem, callee, site));
  if (given === undefined) return own.problems.length > 0 ? undefined : usual;
  const kind = kindOf(field, usual, module);
  if (fitsField(given.value, kind)) return asKind(given.value, kind);
  const wanted = kind === 'any' ? 'a value of the compiler' : kindWords(kind);
  cx.error('argument-kind', given.span, { callee, name, wanted, got: describe(given.value, (t) => cx.show(t)) });
  return undefined;
}

/** Whether a field of this kind can have this value; tensors and what is not there are none. */
export function fitsField(value: CheckValue, kind: Kind): boolean {
  return fitsKind(value, kind) && !holdsTensor(value) && value.kind !== 'absent' && value.kind !== 'namespace';
}

/** An integer where a float is wanted is that float. */
function asKind(value: CheckValue, kind: Kind): CheckValue {
  const constant = kind === 'float' && value.kind === 'int' ? value.dim.constant : undefined;
  return constant === undefined ? value : { kind: 'float', value: constant };
}
