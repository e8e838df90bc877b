import { spanBeside } from '../../diagnostics/anchor.js';
import type { Edit } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/span.js';

/** Removes something from a text, together with its lines and their comments if nothing else is on them. */
export function removal(text: string, span: Span): Edit {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
  const next = text.indexOf('\n', span.end);
  const lineEnd = next < 0 ? text.length : next + 1;
  const before = text.slice(lineStart, span.start);
  const behind = text.slice(span.end, lineEnd);
  if (before.trim() === '' && /^\s*(?:#.*)?$/.test(behind.trimEnd())) return { span: spanBeside(span, lineStart, lineEnd), text: '' };
  const spaces = /^[ \t]*/.exec(behind)?.[0].length ?? 0;
  return { span: spanBeside(span, span.start, span.end + spaces), text: '' };
}

/** Removes one of several items between brackets, together with the adjacent comma. */
export function itemRemoval(text: string, items: readonly Span[], item: Span): Edit {
  const i = items.indexOf(item);
  const next = items[i + 1];
  if (next !== undefined) return { span: spanBeside(item, item.start, next.start), text: '' };
  const before = items[i - 1];
  const end = before === undefined ? item.end : item.end + (/^\s*,/.exec(text.slice(item.end))?.[0].length ?? 0);
  return { span: spanBeside(item, before?.end ?? item.start, end), text: '' };
}
