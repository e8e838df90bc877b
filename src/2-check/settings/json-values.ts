import { Dim } from '../../dims/dim.js';
import type { Context } from '../context.js';
import { kindWords } from '../modules/kinds.js';
import { moduleContext } from '../modules/names.js';
import { dtypeMeant } from '../sizes/type-expressions.js';
import { type CheckValue, describe } from '../values/values.js';
import type { JsonNode } from './json-tree.js';
import type { Slot } from './slots.js';

/** What a value of a JSON file means for a slot; `undefined` if the slot cannot have it, which is reported. */
export function jsonValue(cx: Context, node: JsonNode, slot: Slot): CheckValue | undefined {
  const { kind } = slot;
  const named = node.kind === 'string' ? node.value : undefined;
  if (named !== undefined && (kind === 'fn' || kind === 'layer')) return callableNamed(cx, node, named, slot);
  if (named !== undefined && kind === 'dtype') {
    const dtype = dtypeMeant(named);
    if (dtype !== undefined) return { kind: 'dtype', dtype };
  } else if (fits(node, kind)) {
    const value = plainValue(cx, node, kind === 'float', kind === 'tuple' ? 'tuple' : 'list');
    if (value !== undefined) return value;
    return undefined;
  }
  reportKind(cx, node, slot, describeJson(node));
  return undefined;
}

function reportKind(cx: Context, { span }: JsonNode, slot: Slot, got: string): void {
  cx.error('setting-kind', span, { path: slot.path, owner: slot.owner, wanted: kindWords(slot.kind), got }, { notes: [declaration(slot)] });
}

/** Reports a value where a record is expected. */
export function reportNoObject(cx: Context, value: JsonNode, slot: Slot): undefined {
  const { path, owner } = slot;
  cx.error(
    'setting-kind',
    value.span,
    { path, owner, wanted: 'an object with its fields', got: describeJson(value) },
    { notes: [declaration(slot)] },
  );
}

/** Where a slot is declared, for messages that point at a settings file. */
function declaration({ path, param }: Slot) {
  return { span: param.span, text: `\`${path}\` is declared here` };
}

function fits(node: JsonNode, kind: Slot['kind']): boolean {
  switch (kind) {
    case 'int':
      return isInteger(node);
    case 'float':
      return node.kind === 'number';
    case 'bool':
    case 'string':
      return node.kind === kind;
    case 'list':
    case 'tuple':
      return node.kind === 'array';
    case 'ints':
      return isInteger(node) || (node.kind === 'array' && node.items.every(isInteger));
    case 'any':
      return node.kind !== 'object';
    default:
      return false;
  }
}

/** Written without `.` or an exponent, like an integer of the language. */
function isInteger(node: JsonNode): boolean {
  return node.kind === 'number' && /^-?\d+$/.test(node.text);
}

function plainValue(cx: Context, node: JsonNode, asFloat: boolean, arraysAre: 'list' | 'tuple'): CheckValue | undefined {
  switch (node.kind) {
    case 'string':
      return { kind: 'string', value: node.value };
    case 'bool':
      return { kind: 'bool', value: node.value };
    case 'number': {
      const isInt = isInteger(node) && !asFloat;
      if (isInt ? Number.isSafeInteger(node.value) : Number.isFinite(node.value))
        return isInt ? { kind: 'int', dim: Dim.of(node.value) } : { kind: 'float', value: node.value };
      cx.error('number-out-of-range', node.span, { text: node.text.slice(0, 40), isInt });
      return undefined;
    }
    case 'array': {
      const items: CheckValue[] = [];
      for (const item of node.items) {
        const value = plainValue(cx, item, false, 'list');
        if (value === undefined) return undefined;
        items.push(value);
      }
      return { kind: arraysAre, items };
    }
    case 'object':
    case 'null':
      cx.error('json-item', node.span, { got: describeJson(node) });
      return undefined;
  }
}

/** A function or layer by its name, as seen by the file that declares the slot. */
function callableNamed(cx: Context, node: JsonNode, name: string, slot: Slot): CheckValue | undefined {
  const { path, module } = slot;
  const place = moduleContext(cx, module);
  const value = /^[A-Za-z_]\w*$/.test(name) ? place.evaluate({ kind: 'name', name, span: node.span }) : undefined;
  if (value?.kind === 'fn' || value?.kind === 'layer') return value;
  if (value !== undefined && value.kind !== 'unknown') {
    reportKind(cx, node, slot, `the name of ${describe(value, (t) => cx.show(t))}`);
    return undefined;
  }
  const near = place.problems
    .flatMap((problem) => problem.fixes.flatMap(({ edits }) => edits.map(({ text }) => text)))
    .filter((text) => /^\w+$/.test(text));
  const notes = [declaration(slot)];
  cx.error('setting-name', node.span, { name, path, wanted: kindWords(slot.kind), file: module.path, near }, { notes });
  return undefined;
}

export function describeJson(node: JsonNode): string {
  switch (node.kind) {
    case 'string':
      return `the string ${JSON.stringify(node.value.length > 40 ? `${node.value.slice(0, 40)}...` : node.value)}`;
    case 'number':
      return `the number ${node.text.slice(0, 40)}`;
    case 'bool':
      return String(node.value);
    case 'null':
      return 'null';
    case 'array':
      return `an array of ${node.items.length}`;
    case 'object':
      return 'an object';
  }
}
