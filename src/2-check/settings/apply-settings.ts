import type { Span } from '../../diagnostics/span.js';
import type { CallSite, Context } from '../context.js';
import type { Module } from '../modules/modules.js';
import { bindFields, type Change, type Given, recordOf } from '../records/make-record.js';
import type { CheckValue, LayerValue } from '../values/values.js';
import { type Assignment, assignmentsOf } from './assignments.js';
import { type ConfigReading, readConfig, start } from './config-file.js';
import { setAssignments } from './set-texts.js';
import type { ReadSettings } from './settings.js';
import { allSlots, type Slot, slotsOf } from './slots.js';

/** A model that is built: its name in the file, and its value. */
export interface Built {
  readonly name: string;
  readonly span: Span;
  readonly layer: LayerValue;
  /** The file that is built: names in `--set act=gelu` are looked up there. */
  readonly module: Module;
}

/**
 * A model with its hyperparameters: its defaults and those of a specialized model, then the settings, where later ones win. A record
 * that is set in part is made again from what it was given and what is set, so that its defaults follow. `undefined` if something is wrong,
 * which is reported; `demandsUse` says that a configuration file must have a key for this model.
 */
export function applySettings(cx: Context, built: Built, settings: ReadSettings, demandsUse: boolean): LayerValue | undefined {
  const { name, span, layer } = built;
  const params = layer.decl.hyper ?? [];
  const slots = slotsOf(cx, name, params, layer.module);
  const config = settings.config === undefined ? undefined : readConfig(cx, settings.config, slots);
  if (settings.config !== undefined && config?.isRead === false && config.ok && demandsUse) {
    const keys = allSlots(slots).flatMap((slot) => (slot.fields === undefined ? [config.places.get(slot)?.key ?? ''] : []));
    cx.error('unused-config', start(settings.config), { model: name, keys });
    return undefined;
  }
  const setIn = settings.setIn === undefined ? [] : assignmentsOf(cx, name, slots, settings.setIn);
  const setFrom = settings.setFrom === undefined ? [] : assignmentsOf(cx, name, slots, settings.setFrom);
  const set = setAssignments(cx, name, slots, built.module, settings);
  if (config?.ok === false || setIn === undefined || setFrom === undefined || set === undefined) return undefined;
  const chosen = lastOf([...(config?.assignments ?? []), ...setIn, ...setFrom, ...set]);
  if (reportMissing(cx, built, slots, chosen, config)) return undefined;
  const site: CallSite = { span, calleeSpan: span };
  const given = new Map<string, Given>();
  for (const slot of slots) {
    const fixed = layer.given?.get(slot.param.name.text);
    const value = givenTo(cx, slot, chosen, fixed, site);
    if (value !== undefined) given.set(slot.param.name.text, value);
  }
  const hyper = bindFields(cx, name, params, layer.module, given, site);
  return hyper === undefined ? undefined : { ...layer, hyper };
}

/** The last assignment of each slot; one to a whole record overrides earlier ones to its fields. */
function lastOf(assignments: readonly Assignment[]): ReadonlyMap<Slot, Assignment> {
  const last = new Map<Slot, Assignment>();
  for (const assignment of assignments) {
    for (const field of allSlots(assignment.slot.fields ?? [])) last.delete(field);
    last.set(assignment.slot, assignment);
  }
  return last;
}

/** Reports hyperparameters and fields that have no value, at the place where the value was looked up. */
function reportMissing(
  cx: Context,
  { name, span, layer }: Built,
  slots: readonly Slot[],
  chosen: ReadonlyMap<Slot, Assignment>,
  config: ConfigReading | undefined,
): boolean {
  const missing = slots.flatMap((slot) => missingIn(slot, chosen, layer.given?.has(slot.param.name.text) === true));
  const unread = missing.filter((slot) => config?.places.has(slot) !== true);
  for (const slot of missing) {
    const place = config?.places.get(slot);
    if (place === undefined) continue;
    const { path, owner, param } = slot;
    const notes = [{ span: param.span, text: `\`${param.name.text}\` has no default` }];
    cx.error('missing-key', place.span, { key: place.key, path, owner, model: name }, { notes });
  }
  if (unread.length > 0) cx.error('missing-setting', span, { model: name, names: unread.map((slot) => slot.path) });
  return missing.length > 0;
}

function missingIn(slot: Slot, chosen: ReadonlyMap<Slot, Assignment>, hasValue: boolean): readonly Slot[] {
  if (hasValue || chosen.has(slot) || slot.param.fallback !== undefined) return [];
  return slot.fields === undefined ? [slot] : slot.fields.flatMap((field) => missingIn(field, chosen, false));
}

/** What a slot is given: its own value, or, for a record that is set in part or has no default, how to make it from the value it would otherwise have. */
function givenTo(
  cx: Context,
  slot: Slot,
  chosen: ReadonlyMap<Slot, Assignment>,
  fixed: { readonly value: CheckValue; readonly span: Span } | undefined,
  site: CallSite,
): Given | undefined {
  const own = chosen.get(slot) ?? fixed;
  const { kind, fields } = slot;
  if (fields === undefined || typeof kind !== 'object' || (own !== undefined && own.value.kind !== 'record')) return own;
  const isChanged = allSlots(fields).some((field) => chosen.has(field));
  if (!isChanged && (own !== undefined || slot.param.fallback !== undefined)) return own;
  const change: Change['change'] = (usual) => {
    const base = own?.value ?? usual;
    // Setting a field of a record that is `none` creates the record.
    if (base !== undefined && base.kind !== 'record' && base.kind !== 'absent') return base;
    const given = new Map<string, Given>();
    for (const field of fields) {
      const name = field.param.name.text;
      const before = base?.kind === 'record' && base.given.has(name) ? base.fields.get(name) : undefined;
      const value = givenTo(cx, field, chosen, before && { value: before, span: own?.span ?? site.span }, site);
      if (value !== undefined) given.set(name, value);
    }
    return recordOf(cx, { kind: 'config', decl: kind.record, module: kind.module }, given, site);
  };
  return { change, span: site.span };
}
