import type { ConfigDecl, Param } from '../../1-syntax/ast.js';
import type { Argument, CallSite, Context } from '../context.js';
import { kindOf, type RecordKind } from '../kinds.js';
import type { Module } from '../modules.js';
import type { CheckValue } from '../values.js';
import { makeRecord } from './make-record.js';

/** The record of a model, which nobody has to give: each field has its default, and one that is a record without a default is made in the same way. */
export function defaultRecord(cx: Context, { record, module }: RecordKind, site: CallSite): CheckValue {
  const args = record.fields.flatMap((field): readonly Argument[] => {
    const kind = field.fallback === undefined ? kindOf(field, undefined, module) : 'any';
    return typeof kind === 'object' ? [{ name: field.name.text, value: defaultRecord(cx, kind, site), span: site.span }] : [];
  });
  return makeRecord(cx, { kind: 'config', decl: record, module }, args, site);
}

/** Whether a hyperparameter of a model, or a field of its record, needs no value: it has a default, or is a record that needs none. */
export function hasDefault(param: Param, module: Module, inside: readonly ConfigDecl[] = []): boolean {
  if (param.fallback !== undefined) return true;
  const kind = kindOf(param, undefined, module);
  if (typeof kind !== 'object' || inside.includes(kind.record)) return false;
  return kind.record.fields.every((field) => hasDefault(field, kind.module, [...inside, kind.record]));
}
