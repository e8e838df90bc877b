import type { Span } from '../../diagnostics/span.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Context } from '../context.js';
import { mayBeNone } from '../modules/kinds.js';
import type { CheckValue } from '../values/values.js';
import type { JsonNode, JsonObject } from './json-tree.js';
import { jsonValue, reportNoObject } from './json-values.js';
import { allSlots, type Slot, slotsNamed } from './slots.js';

/** A value for a slot, and where it was written. */
export interface Assignment {
  readonly slot: Slot;
  readonly value: CheckValue;
  readonly span: Span;
}

/**
 * The values of a file whose keys are the names of hyperparameters and fields; records are objects in it. `undefined` if something is
 * wrong, which is reported.
 */
export function assignmentsOf(cx: Context, model: string, slots: readonly Slot[], root: JsonObject): readonly Assignment[] | undefined {
  const found: Assignment[] = [];
  let ok = true;
  const read = (name: string, keySpan: Span, value: JsonNode): void => {
    const slot = slotNamed(cx, model, slots, name, keySpan);
    if (slot === undefined) ok = false;
    else if (value.kind === 'object' && slot.fields !== undefined)
      for (const [key, member] of value.members) read(`${slot.path}.${key}`, member.keySpan, member.value);
    else if (value.kind === 'null' && mayBeNone(slot.param)) found.push({ slot, value: { kind: 'absent' }, span: value.span });
    else assign(slot, value);
  };
  const assign = (slot: Slot, value: JsonNode): void => {
    const meant = slot.fields === undefined ? jsonValue(cx, value, slot) : reportNoObject(cx, value, slot);
    if (meant === undefined) ok = false;
    else found.push({ slot, value: meant, span: value.span });
  };
  for (const [key, { keySpan, value }] of root.members) read(key, keySpan, value);
  return ok ? found : undefined;
}

/** The slot that a name means; `D` may also mean `c.D`. A name that means none or several is reported. */
export function slotNamed(cx: Context, model: string, slots: readonly Slot[], name: string, span: Span): Slot | undefined {
  const [slot, ...others] = slotsNamed(slots, name);
  if (slot === undefined) {
    const all = allSlots(slots);
    const known = all.filter((s) => s.fields === undefined).map((s) => s.path);
    const near = new Set([
      ...suggest(name, known),
      ...suggest(
        name,
        all.map((s) => s.param.name.text),
      ),
    ]);
    cx.error('unknown-setting', span, { name, model, known, near: [...near] });
    return undefined;
  }
  if (others.length === 0) return slot;
  cx.error('ambiguous-setting', span, { name, model, paths: [slot, ...others].map((s) => s.path) });
  return undefined;
}
