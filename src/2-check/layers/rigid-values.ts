import type { ConfigDecl, Param } from '../../1-syntax/ast.js';
import { spanBeside } from '../../diagnostics/anchor.js';
import { decideFact } from '../../dims/decide.js';
import { isOpenFact } from '../../dims/facts.js';
import type { Context } from '../context.js';
import { fitsKind, type Kind, kindOf, kindWords, mayBeNone, type RecordKind } from '../modules/kinds.js';
import type { Module } from '../modules/modules.js';
import { fieldsContext } from '../records/fields-context.js';
import { readClauses } from '../sizes/where-clauses.js';
import { maybe, presentIn } from '../values/absence.js';
import { given, negation } from '../values/formula.js';
import { type CheckValue, describe, unknown } from '../values/values.js';

/** Makes the variable for an integer. */
type AsSize = (name: string, min: number) => CheckValue;

/** The value of a hyperparameter or of a field of a record whose default is `usual`: one that may be `none` is either present or absent. */
export function rigidParam(
  cx: Context,
  name: string,
  param: Param,
  kind: Kind,
  usual: CheckValue | undefined,
  asSize: AsSize,
  inside: readonly ConfigDecl[] = [],
): CheckValue {
  const fallback = usual?.kind === 'absent' ? undefined : usual && presentIn(usual);
  const value = rigidValue(cx, name, kind, fallback, asSize, inside);
  return mayBeNone(param) ? maybe(value, negation(given(name))) : value;
}

/** The default of a parameter and the kind that it has, while its declaration is checked on its own. A default that does not fit its kind is reported. */
export function typedDefault(
  cx: Context,
  callee: string,
  param: Param,
  module: Module,
  fits: (value: CheckValue, kind: Kind) => boolean = fitsKind,
): { readonly usual: CheckValue | undefined; readonly kind: Kind } {
  const usual = usualValue(cx, callee, param, module);
  const kind = kindOf(param, usual, module, cx);
  if (param.fallback === undefined || usual === undefined || usual.kind === 'absent' || fits(presentIn(usual), kind))
    return { usual, kind };
  const wanted = kind === 'any' ? 'a compile-time value' : kindWords(kind);
  cx.error('argument-kind', param.fallback.span, { callee, name: param.name.text, wanted, got: describe(usual, (t) => cx.show(t)) });
  return { usual: undefined, kind };
}

/** The default of a parameter. `none` is allowed only if the kind says so; otherwise it is reported to `cx`. */
export function usualValue(cx: Context, callee: string, param: Param, module: Module): CheckValue | undefined {
  const { name, type, fallback } = param;
  if (fallback === undefined) return undefined;
  if (mayBeNone(param)) return cx.evaluateOptional(fallback);
  if (fallback.kind !== 'none') return cx.evaluate(fallback);
  if (type?.kind === 'kind') {
    const end = spanBeside(type.span, type.span.end, type.span.end);
    const fixes = [{ title: `write \`${type.name}?\``, edits: [{ span: end, text: '?' }] }];
    const wanted = kindWords(kindOf(param, undefined, module));
    const help = 'the kind of what may be `none` ends in `?`';
    cx.error('argument-kind', fallback.span, { callee, name: name.text, wanted, got: '`none`' }, { fixes, help });
  } else cx.error('untyped-none', fallback.span, { name: name.text });
  return undefined;
}

/**
 * The value of a hyperparameter, or of a field of one that is a record (`c.width`), while a declaration is checked on its own: integers are
 * variables. `inside` are the enclosing records.
 */
function rigidValue(
  cx: Context,
  name: string,
  kind: Kind,
  fallback: CheckValue | undefined,
  asSize: AsSize,
  inside: readonly ConfigDecl[] = [],
): CheckValue {
  if (typeof kind === 'object') return rigidRecord(cx, name, kind, asSize, inside);
  switch (kind) {
    case 'int': {
      const usual = fallback?.kind === 'int' ? fallback.dim.constant : undefined;
      // A negative default denotes a position, such as an axis, which no size rule can treat as a size.
      if (usual !== undefined && usual < 0) return fallback ?? unknown;
      return asSize(name, usual === 0 ? 0 : 1);
    }
    case 'float':
      return { kind: 'float', value: undefined };
    case 'bool':
      return { kind: 'bool', value: undefined };
    case 'ints':
      return fallback?.kind === 'int' ? rigidValue(cx, name, 'int', fallback, asSize) : asSize(name, 1);
    default:
      return fallback ?? unknown;
  }
}

/** A record whose fields are variables that satisfy its facts. One that contains itself was reported where it is declared. */
function rigidRecord(cx: Context, name: string, { record, module }: RecordKind, asSize: AsSize, inside: readonly ConfigDecl[]): CheckValue {
  if (inside.includes(record)) return unknown;
  const values = new Map<string, CheckValue>();
  for (const field of record.fields) {
    const usual = usualValue(fieldsContext(cx, module, record.fields, values), record.name.text, field, module);
    const kind = kindOf(field, usual, module);
    values.set(field.name.text, rigidParam(cx, `${name}.${field.name.text}`, field, kind, usual, asSize, [...inside, record]));
  }
  assumeFields(cx, record, fieldsContext(cx, module, record.fields, values));
  return { kind: 'record', decl: record, module, fields: values, given: new Set(values.keys()) };
}

/** Assumes the facts of a record; those that cannot hold were reported where it is declared. */
function assumeFields(cx: Context, record: ConfigDecl, own: Context): void {
  readClauses(own, record.where, ({ meaning, expr }) => {
    for (const fact of meaning.kind === 'facts' || meaning.kind === 'open' ? meaning.facts : []) {
      const { kind } = decideFact(fact, cx.facts);
      if (!isOpenFact(fact) || kind === 'proved' || kind === 'never') continue;
      if (cx.facts.list.length >= cx.session.limits.facts) {
        cx.error('too-many-facts', expr.span, { limit: cx.session.limits.facts });
        return false;
      }
      cx.facts = cx.facts.assume(fact);
    }
    return true;
  });
}
