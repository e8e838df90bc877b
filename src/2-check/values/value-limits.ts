import type { Span } from '../../diagnostics/span.js';
import type { Context } from '../context.js';
import type { Extent } from '../session.js';
import { type CheckValue, unknown } from './values.js';

/** A value that is made of other values. */
type Collection = Extract<CheckValue, { kind: 'list' | 'tuple' | 'record' }>;

/**
 * A list, tuple or record. One with more items than a build may loop over, including those of inner lists, is refused, and so is one that
 * is nested more deeply than brackets may be: every later step may walk it recursively.
 */
export function collection<V extends Collection>(cx: Context, value: V, span: Span): CheckValue {
  const { limits } = cx.session;
  const { items, depth } = extentOf(cx, value);
  const what = `this ${value.kind}`;
  if (items > limits.iterations) cx.error('value-too-large', span, { what, limit: limits.iterations, unit: 'items' });
  else if (depth > limits.nesting) cx.error('value-too-large', span, { what, limit: limits.nesting, unit: 'levels' });
  else return demandItems(cx, value.kind === 'record' ? value.fields.size : value.items.length, span) ? value : unknown;
  return unknown;
}

/** The extent of a list. Those of its inner lists are known, unless they were made together with it. */
function extentOf(cx: Context, value: Collection): Extent {
  const parts = value.kind === 'record' ? value.fields : value.items;
  const known = cx.session.extents.get(parts);
  if (known !== undefined) return known;
  let count = 0;
  let depth = 0;
  for (const item of parts.values()) {
    count++;
    if (!isCollection(item)) continue;
    const inner = extentOf(cx, item);
    count += inner.items;
    depth = Math.max(depth, inner.depth);
  }
  const extent = { items: count, depth: depth + 1 };
  cx.session.extents.set(parts, extent);
  return extent;
}

/** Counts `items` more items toward the limit of a build; false, with a report, if that is too many. */
export function demandItems(cx: Context, items: number, span: Span): boolean {
  if (cx.session.countItems(items)) return true;
  cx.error('too-many-items', span, { limit: cx.session.limits.items });
  return false;
}

/** The same for a value that is traversed in full: each traversal of a list costs its items. */
export function demandComparison(cx: Context, value: CheckValue, span: Span): boolean {
  return !isCollection(value) || demandItems(cx, extentOf(cx, value).items, span);
}

function isCollection(value: CheckValue): value is Collection {
  return value.kind === 'list' || value.kind === 'tuple' || value.kind === 'record';
}

/** A string; one that is longer than a name may be is refused. */
export function boundedText(cx: Context, value: string | undefined, span: Span): CheckValue {
  if (value === undefined || value.length <= cx.session.limits.iterations) return { kind: 'string', value };
  cx.error('value-too-large', span, { what: 'this string', limit: cx.session.limits.iterations, unit: 'characters' });
  return unknown;
}
