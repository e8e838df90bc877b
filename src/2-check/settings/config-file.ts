import { spanBeside } from '../../diagnostics/anchor.js';
import type { Span } from '../../diagnostics/span.js';
import type { Context } from '../context.js';
import { mayBeNone } from '../modules/kinds.js';
import { moduleContext } from '../modules/names.js';
import { textOf } from '../values/builtins.js';
import type { Assignment } from './assignments.js';
import type { JsonNode, JsonObject } from './json-tree.js';
import { jsonValue, reportNoObject } from './json-values.js';
import type { Slot } from './slots.js';

/** What a configuration file contains for a model. */
export interface ConfigReading {
  readonly assignments: readonly Assignment[];
  /** Where the value of each slot was looked up: the beginning of the object, and the key in it. */
  readonly places: ReadonlyMap<Slot, { readonly span: Span; readonly key: string }>;
  /** Whether it has a key that the model declares. */
  readonly isRead: boolean;
  /** Whether each value fits its slot; those that do not are reported. */
  readonly ok: boolean;
}

/**
 * Reads the keys that hyperparameters and fields declare: `from "hidden_size"`, else their own names. A record of the model is read from
 * the whole file, unless it declares a key; one inside another from the object under its key. `null` is `none` where that is allowed, and
 * otherwise the same as a missing key.
 */
export function readConfig(cx: Context, root: JsonObject, slots: readonly Slot[]): ConfigReading {
  const assignments: Assignment[] = [];
  const places = new Map<Slot, { readonly span: Span; readonly key: string }>();
  let isRead = false;
  let ok = true;

  const leave = (slot: Slot, inside: JsonObject, key: string): void => {
    places.set(slot, { span: start(inside), key });
    for (const field of slot.fields ?? []) leave(field, inside, `${key}.${keyOf(cx, field)}`);
  };
  const assign = (slot: Slot, value: JsonNode, fields: readonly Slot[] | undefined): void => {
    if (fields === undefined) {
      const read = jsonValue(cx, value, slot);
      if (read === undefined) ok = false;
      else assignments.push({ slot, value: read, span: value.span });
    } else if (value.kind === 'object') {
      for (const field of fields) read(field, value);
    } else {
      reportNoObject(cx, value, slot);
      ok = false;
    }
  };
  const read = (slot: Slot, inside: JsonObject): void => {
    const key = keyOf(cx, slot);
    const value = inside.members.get(key)?.value;
    if (value !== undefined) isRead = true;
    leave(slot, inside, key);
    if (value?.kind === 'null' && mayBeNone(slot.param)) assignments.push({ slot, value: { kind: 'absent' }, span: value.span });
    else if (value !== undefined && value.kind !== 'null') assign(slot, value, slot.fields);
  };
  for (const slot of slots) {
    if (slot.fields !== undefined && slot.param.from === undefined) assign(slot, root, slot.fields);
    else read(slot, root);
  }
  return { assignments, places, isRead, ok };
}

function keyOf(cx: Context, { param, module }: Slot): string {
  const written = param.from === undefined ? undefined : textOf(moduleContext(cx, module).evaluate(param.from));
  return written ?? param.name.text;
}

/** The bracket that opens an object: the whole object is too long to show. */
export function start({ span }: JsonObject): Span {
  return spanBeside(span, span.start, span.start + 1);
}
