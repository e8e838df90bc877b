import type { ConfigDecl, Param } from '../../1-syntax/ast.js';
import { Dim } from '../../dims/dim.js';
import { Facts } from '../../dims/facts.js';
import { Context } from '../context.js';
import { Labels } from '../layers/labels.js';
import { rigidParam, usualValue } from '../layers/rigid-values.js';
import { type Kind, kindOf } from '../modules/kinds.js';
import type { Module } from '../modules/modules.js';
import { fieldsContext } from '../records/fields-context.js';
import type { CheckValue } from '../values/values.js';

/** Something that can be set from outside: a hyperparameter of a model, or a field of one that is a record. */
export interface Slot {
  /** `c.rope.theta` */
  readonly path: string;
  /** What it belongs to: a model or a `config`. */
  readonly owner: string;
  readonly param: Param;
  /** The file that declares it: names in its values are resolved there. */
  readonly module: Module;
  readonly kind: Kind;
  /** The fields, if it is a record. */
  readonly fields: readonly Slot[] | undefined;
}

/** Everything that can be set in a model. */
export function slotsOf(cx: Context, owner: string, params: readonly Param[], module: Module): readonly Slot[] {
  const { session, interpreter } = cx;
  // Only the kinds of defaults are needed: mistakes in them are reported where they are declared.
  const probe = new Context({ session, interpreter, module, rigid: true, depth: 0, labels: new Labels(), facts: Facts.none });
  return slotsBelow(probe, owner, params, module, '', []);
}

function slotsBelow(
  probe: Context,
  owner: string,
  params: readonly Param[],
  module: Module,
  prefix: string,
  inside: readonly ConfigDecl[],
): readonly Slot[] {
  const values = new Map<string, CheckValue>();
  return params.map((param): Slot => {
    const path = `${prefix}${param.name.text}`;
    const usual = usualValue(fieldsContext(probe, module, params, values), owner, param, module);
    const kind = kindOf(param, usual, module);
    const asSize = (name: string, min: number): CheckValue => ({ kind: 'int', dim: Dim.variable(name, min) });
    values.set(param.name.text, rigidParam(probe, path, param, kind, usual, asSize, inside));
    const record = typeof kind === 'object' && !inside.includes(kind.record) ? kind : undefined;
    const fields =
      record && slotsBelow(probe, record.record.name.text, record.record.fields, record.module, `${path}.`, [...inside, record.record]);
    return { path, owner, param, module, kind, fields };
  });
}

/** All slots, those of records before their fields. */
export function allSlots(slots: readonly Slot[]): readonly Slot[] {
  return slots.flatMap((slot) => [slot, ...allSlots(slot.fields ?? [])]);
}

/** The slots that a name means: the one with this path, or each whose path ends with it. */
export function slotsNamed(slots: readonly Slot[], name: string): readonly Slot[] {
  const all = allSlots(slots);
  const exact = all.find((slot) => slot.path === name);
  return exact === undefined ? all.filter((slot) => slot.path.endsWith(`.${name}`)) : [exact];
}
