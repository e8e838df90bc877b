import type { ConfigDecl, Param } from '../../1-syntax/ast.js';
import { kindOf } from '../modules/kinds.js';
import type { Module } from '../modules/modules.js';

/** Whether a hyperparameter of a model, or a field of its record, needs no value: it has a default, or is a record that needs no values. */
export function hasDefault(param: Param, module: Module, inside: readonly ConfigDecl[] = []): boolean {
  if (param.fallback !== undefined) return true;
  const kind = kindOf(param, undefined, module);
  if (typeof kind !== 'object' || inside.includes(kind.record)) return false;
  return kind.record.fields.every((field) => hasDefault(field, kind.module, [...inside, kind.record]));
}
