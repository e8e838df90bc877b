import type { IndexItem } from '../src/1-syntax/ast.js';
import { spanBeside } from '../src/diagnostics/anchor.js';
import type { Edit } from '../src/diagnostics/diagnostic.js';
import type { Span } from '../src/diagnostics/span.js';

/** `x[:, None]`, Python's way to add axes: how it is written here, and the edits that do so. */
export interface NewAxes {
  /** The last arguments of `unsqueeze`: `1` or `[0, 2]`. */
  readonly axes: string;
  /** Whether nothing of the index remains. */
  readonly alone: boolean;
  readonly edits: readonly Edit[];
}

/** Undefined if no item of the index is `None`. `index` covers the brackets, and `start` is where the indexed value begins. */
export function newAxesOf(items: readonly IndexItem[], index: Span, start: number): NewAxes | undefined {
  const places = items.flatMap((item, i) => (isNew(item) ? [i] : []));
  if (places.length === 0) return undefined;
  const numbers = places.map((place) => axisOf(items, place));
  const axes = numbers.length === 1 ? `${numbers[0]}` : `[${numbers.join(', ')}]`;
  const alone = items.every((item) => isNew(item) || item.kind === 'all' || item.kind === 'ellipsis');
  const at = (offset: number, end = offset): Span => spanBeside(index, offset, end);
  const before = { span: at(start), text: 'unsqueeze(' };
  const edits = alone
    ? [before, { span: index, text: `, ${axes})` }]
    : [before, ...places.map((place) => removal(items, place, at)), { span: at(index.end), text: `, ${axes})` }];
  return { axes, alone, edits };
}

function isNew(item: IndexItem): boolean {
  return item.kind === 'at' && item.value.kind === 'none';
}

/** The axis of the result that the item at `place` makes, counted from the end after a `..`. */
function axisOf(items: readonly IndexItem[], place: number): number {
  const made = (some: readonly IndexItem[]) => some.filter((item) => item.kind !== 'at' || isNew(item)).length;
  const afterEllipsis = items.slice(0, place).some((item) => item.kind === 'ellipsis');
  return afterEllipsis ? -made(items.slice(place)) : made(items.slice(0, place));
}

/** Takes out an item with its comma. */
function removal(items: readonly IndexItem[], place: number, at: (start: number, end: number) => Span): Edit {
  const [item, next] = items.slice(place);
  const { start, end } = (item as IndexItem).span; // `place` is in range
  const kept = items.slice(0, place).findLast((other) => !isNew(other));
  return { span: next === undefined && kept !== undefined ? at(kept.span.end, end) : at(start, next?.span.start ?? end), text: '' };
}
