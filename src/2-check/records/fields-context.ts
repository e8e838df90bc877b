import type { Param } from '../../1-syntax/ast.js';
import type { Context } from '../context.js';
import { Labels } from '../layers/labels.js';
import type { Module } from '../modules/modules.js';
import type { CheckValue } from '../values/values.js';

/** A context in which the fields of a record are names, as in its defaults and facts. */
export function fieldsContext(
  cx: Context,
  module: Module,
  fields: readonly Param[],
  values: ReadonlyMap<string, CheckValue>,
  open = cx.open,
): Context {
  const own = cx.inner({ module, labels: new Labels(), open });
  for (const { name, span } of fields) {
    const value = values.get(name.text);
    if (value !== undefined) own.body.define(name.text, { value, span, role: 'hyper' });
  }
  return own;
}
