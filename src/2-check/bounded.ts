import type { Span } from '../diagnostics/span.js';
import type { Context } from './context.js';
import { type CheckValue, unknown } from './values.js';

/** A list or tuple; one with more items than a build may loop over, those of inner lists included, is refused. */
export function collection<V extends Extract<CheckValue, { kind: 'list' | 'tuple' }>>(cx: Context, value: V, span: Span): CheckValue {
  const { limits, itemCounts } = cx.session;
  let count = 0;
  for (const item of value.items)
    count += item.kind === 'list' || item.kind === 'tuple' ? (itemCounts.get(item.items) ?? item.items.length) + 1 : 1;
  if (count > limits.iterations) {
    cx.error('value-too-large', span, { what: `this ${value.kind}`, limit: limits.iterations, unit: 'items' });
    return unknown;
  }
  itemCounts.set(value.items, count);
  return value;
}

/** A string; one that has grown beyond what can be a name is refused. */
export function boundedText(cx: Context, value: string | undefined, span: Span): CheckValue {
  if (value === undefined || value.length <= cx.session.limits.iterations) return { kind: 'string', value };
  cx.error('value-too-large', span, { what: 'this string', limit: cx.session.limits.iterations, unit: 'characters' });
  return unknown;
}
