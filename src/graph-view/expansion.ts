import type { BlockView, EntryView, ViewOptions } from '../api/model-view.js';
import { matcherOf } from '../name-patterns.js';

/** A picture with more boxes than this is not read, but searched. */
const readable = 40;

interface Expansion {
  readonly expanded: readonly string[];
  /** The patterns that match no layer. */
  readonly unmatched: readonly string[];
}

/** Which blocks show their contents. */
export function expansionOf(entries: readonly EntryView[], { expand = [], depth }: Omit<ViewOptions, 'sources'>): Expansion {
  const roots = entries.map(({ root }) => root);
  const expanded = new Set(depth === undefined ? readableExpansion(roots) : blocksAbove(roots, depth));
  const layers = layersIn(entries);
  const unmatched = expand.filter((pattern) => {
    const isMeant = matcherOf(pattern, { below: false });
    const meant = layers.filter(({ paths }) => paths.some(isMeant));
    for (const { block, around } of meant) for (const { id } of [...around, block]) expanded.add(id);
    return meant.length === 0;
  });
  return { expanded: [...expanded], unmatched };
}

/** A layer in a view. */
interface Layer {
  readonly block: BlockView;
  /** Outermost first. */
  readonly around: readonly BlockView[];
  /** The paths of all layers that it represents: those of `layers.0` to `layers.11` if it is in the first of twelve equal layers. */
  readonly paths: readonly string[];
}

export function layersIn(entries: readonly EntryView[]): readonly Layer[] {
  const layers: Layer[] = [];
  const visit = (block: BlockView, around: readonly BlockView[], outer: readonly string[]): void => {
    const paths = block.kind === 'layer' ? pathsIn(block, outer) : outer;
    if (block.kind === 'layer') layers.push({ block, around, paths });
    for (const child of block.children) visit(child, [...around, block], paths);
  };
  for (const { root } of entries) visit(root, [], ['']);
  return layers;
}

/** The paths of a layer, given those of the layer around it. */
function pathsIn(block: BlockView, [first = '', ...others]: readonly string[]): readonly string[] {
  const own = pathsOf(block);
  // A layer that is bound elsewhere has the path of its home.
  if (others.length === 0 || !block.path.startsWith(`${first}.`)) return own;
  return [first, ...others].flatMap((around) => own.map((path) => around + path.slice(first.length)));
}

/** The paths of equal layers in a row. */
export function pathsOf({ path, repeat }: Pick<BlockView, 'path' | 'repeat'>): readonly string[] {
  const [, stem = '', digits = ''] = /^(.*?)(\d*)$/s.exec(path) ?? [];
  return repeat === 1 ? [path] : Array.from({ length: repeat }, (_, i) => `${stem}${Number(digits) + i}`);
}

/** The blocks of the first levels. */
function blocksAbove(roots: readonly BlockView[], depth: number): readonly string[] {
  const levels = levelsOf(roots);
  return levels.slice(0, depth + 1).flatMap((blocks) => blocks.filter(hasContents).map(({ id }) => id));
}

/** Level by level, all blocks with layers or control flow in them, as long as the picture has few boxes. Layers that consist of operators stay closed. */
function readableExpansion(roots: readonly BlockView[]): readonly string[] {
  const expanded: string[] = [];
  let boxes = 0;
  for (let level = roots, isFirst = true; level.length > 0; isFirst = false) {
    const opened = level.filter((block) => isFirst || block.children.some(hasContents));
    boxes += opened.reduce((count, { children }) => count + children.length - 1, 0);
    if (!isFirst && boxes > readable) break;
    for (const { id } of opened) expanded.push(id);
    level = opened.flatMap(({ children }) => children);
  }
  return expanded;
}

function levelsOf(roots: readonly BlockView[]): readonly (readonly BlockView[])[] {
  const levels: (readonly BlockView[])[] = [];
  for (let level = roots; level.length > 0; level = level.flatMap(({ children }) => children)) levels.push(level);
  return levels;
}

/** Whether a block can be expanded. */
export function hasContents({ children }: Pick<BlockView, 'children'>): boolean {
  return children.length > 0;
}
