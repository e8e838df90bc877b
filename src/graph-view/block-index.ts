import type { BlockView, ModelView } from '../api/model-view.js';
import type { Span } from '../diagnostics/span.js';

/** A block, and the blocks around it, outermost first. */
export interface Indexed {
  readonly block: BlockView;
  readonly around: readonly BlockView[];
}

/** The blocks of a view by their ids, outer ones first. */
export function indexOf({ entries }: Pick<ModelView, 'entries'>): ReadonlyMap<string, Indexed> {
  const all = new Map<string, Indexed>();
  const visit = (block: BlockView, around: readonly BlockView[]): void => {
    all.set(block.id, { block, around });
    for (const child of block.children) visit(child, [...around, block]);
  };
  for (const { root } of entries) visit(root, []);
  return all;
}

/** The blocks whose name, kind or path contains a text, whatever its case; those that begin with it first. */
export function found(index: ReadonlyMap<string, Indexed>, text: string, most: number): readonly Indexed[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const ranked: { readonly each: Indexed; readonly rank: number }[] = [];
  for (const each of index.values()) {
    const { label, type, path, kind } = each.block;
    if (kind === 'model') continue;
    const words = [label, type, path].map((word) => word.toLowerCase());
    const rank = words.some((word) => word === wanted) ? 0 : words.some((word) => word.startsWith(wanted)) ? 1 : 2;
    if (words.some((word) => word.includes(wanted))) ranked.push({ each, rank });
  }
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ each }) => each);
}

/** The block whose place in the source is `span`, or else the innermost one with the smallest place around its start; the first of several. */
export function blockAt(index: ReadonlyMap<string, Indexed>, span: Span): Indexed | undefined {
  let best: Indexed | undefined;
  const lengthOf = ({ block }: Indexed) => (block.span === undefined ? 0 : block.span.end - block.span.start);
  for (const each of index.values()) {
    const own = each.block.span;
    if (own === undefined || own.file !== span.file || own.start > span.start || own.end < span.start) continue;
    if (own.start === span.start && own.end === span.end) return each;
    if (best === undefined || lengthOf(each) < lengthOf(best)) best = each;
  }
  return best;
}
