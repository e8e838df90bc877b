import type { ConfigDecl, Param } from '../../1-syntax/ast.js';
import { Dim } from '../../dims/dim.js';
import { Facts } from '../../dims/facts.js';
import { Context, type Interpreter } from '../context.js';
import { Labels } from '../layers/labels.js';
import { rigidParam, typedDefault } from '../layers/rigid-values.js';
import { kindOf, mayBeNone, type RecordKind } from '../modules/kinds.js';
import type { Module } from '../modules/modules.js';
import { reportDuplicates } from '../modules/signature.js';
import type { Session } from '../session.js';
import { assumeWhere } from '../sizes/assume.js';
import { reportUnmet } from '../sizes/unmet.js';
import { type CheckValue, unknown } from '../values/values.js';
import { fitsField } from './make-record.js';

/** Checks a `config` on its own, once: its fields are variables, each default fits its field, and the facts do not contradict each other. */
export function checkConfig(session: Session, interpreter: Interpreter, decl: ConfigDecl, module: Module): void {
  reportDuplicates(
    session.report,
    decl.fields.map((f) => f.name),
  );
  const choices = new Set(decl.fields.map((f) => f.name.text));
  const cx = new Context({ session, interpreter, module, rigid: true, depth: 0, choices, labels: new Labels(), facts: Facts.none });
  const asSize = (name: string, min: number): CheckValue => {
    choices.add(name);
    return { kind: 'int', dim: Dim.variable(name, min) };
  };
  for (const field of decl.fields) {
    if (field.name.text === '') continue;
    const value = checkField(cx, decl, module, field, asSize);
    session.observer?.(field.name, value);
    cx.body.define(field.name.text, { value, span: field.span, role: 'hyper' });
  }
  assumeWhere(cx, decl.name.text, decl.where);
  if (!module.standard) reportUnmet(cx, decl);
  for (const problem of cx.problems) session.report.push(problem);
}

/** The value of a field in the defaults after it and in the facts. */
function checkField(
  cx: Context,
  decl: ConfigDecl,
  module: Module,
  field: Param,
  asSize: (name: string, min: number) => CheckValue,
): CheckValue {
  const name = field.name.text;
  const { type, fallback, from } = field;
  const isTensor = type?.kind === 'tensor-type';
  if (from !== undefined) cx.evaluate(from);
  if (isTensor || (type === undefined && fallback === undefined)) {
    cx.error('field-kind', field.span, { name, isTensor });
    return unknown;
  }
  const { usual, kind } = typedDefault(cx, decl.name.text, field, module, fitsField);
  const circle = typeof kind === 'object' && !mayBeNone(field) ? circleThrough(decl, kind, []) : undefined;
  if (circle !== undefined) {
    cx.error('recursive-config', type?.span ?? field.span, { circle });
    return unknown;
  }
  return rigidParam(cx, name, field, kind, usual, asSize, [decl]);
}

/** The records from `decl` through a field of this kind back to it, if it contains itself. A field that may be `none` breaks the cycle. */
function circleThrough(decl: ConfigDecl, { record, module }: RecordKind, inside: readonly ConfigDecl[]): readonly string[] | undefined {
  if (record === decl) return [decl, ...inside, decl].map((d) => d.name.text);
  if (inside.includes(record)) return undefined;
  for (const field of record.fields) {
    const kind = kindOf(field, undefined, module);
    const circle = typeof kind === 'object' && !mayBeNone(field) ? circleThrough(decl, kind, [...inside, record]) : undefined;
    if (circle !== undefined) return circle;
  }
  return undefined;
}
