import type { BlockView, EdgeView, EntryView, ModelView } from '../api/model-view.js';
import { type Arranged, arrange, type Link, type Spot } from './arrange.js';
import { type BoxText, boxText, headWidth, labelText, shapeLabel, sizes, typeText } from './box-text.js';
import { hasContents } from './expansion.js';
import { bandsOf, curve, type DrawnEdge, type Port, rangeOf, route, spread } from './routes.js';
import { textWidth } from './text-width.js';

/** A block with its place. The coordinates of what is in it are those of the picture, too. */
export interface Box {
  readonly block: BlockView;
  readonly isOpen: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly text: BoxText;
  readonly boxes: readonly Box[];
  readonly edges: readonly DrawnEdge[];
  /** Where edges enter at the top, and where they leave at the bottom, if the block is open. */
  readonly inPorts: readonly Port[];
  readonly outPorts: readonly Port[];
}

/** An entry with its place. */
export interface DrawnEntry {
  readonly entry: EntryView;
  readonly box: Box;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly entries: readonly DrawnEntry[];
}

const gap = { inside: 16, entries: 56 } as const;

/** Places the blocks of a model; `expanded` are the ids of those that show their contents. */
export function layout(view: Pick<ModelView, 'entries'>, expanded: ReadonlySet<string>): Drawing {
  const entries: DrawnEntry[] = [];
  let x = 0;
  let height = 0;
  for (const entry of view.entries) {
    const box = moved(open(entry.root, expanded), x, 0);
    entries.push({ entry, box });
    x += box.width + gap.entries;
    height = Math.max(height, box.height);
  }
  return { width: Math.max(0, x - gap.entries), height, entries };
}

/** A block at the origin. */
function placed(block: BlockView, expanded: ReadonlySet<string>): Box {
  if (hasContents(block) && expanded.has(block.id)) return open(block, expanded);
  const text = boxText(block);
  const { width, height } = text;
  return { block, isOpen: false, x: 0, y: 0, width, height, text, boxes: [], edges: [], inPorts: [], outPorts: [] };
}

/** How far the sheets behind a block that represents several reach to the right and down. */
export function sheetsOf({ repeat }: Pick<BlockView, 'repeat'>): number {
  return repeat > 1 ? 2 * sizes.sheet : 0;
}

const nameOf = { child: (i: number) => `c${i}`, input: (i: number) => `i${i}`, output: (i: number) => `o${i}` } as const;

/** An edge of the view, and its label. */
interface Labeled extends Link {
  readonly edge: EdgeView;
  readonly text: string;
}

/** A block with what is in it, which is arranged on its own. */
function open(block: BlockView, expanded: ReadonlySet<string>): Box {
  const inner = block.children.map((child) => placed(child, expanded));
  const labeled = labeledEdges(block);
  const visible = block.edges.map((edge) => linkOf(block, edge, labeled.has(edge)));
  const { spots, links } = arranged(block, inner, visible);
  const edges = visible.map(({ edge, text, width, height }, i) => {
    const { points, x, y } = links[i] ?? { points: [], x: 0, y: 0 };
    return { edge, points, label: text === '' ? undefined : { text, x, y, width, height } };
  });
  const labels = edges.flatMap(({ label }) => label ?? []);
  const bands = bandsOf([...inner.map((_, i) => spotOf(spots, nameOf.child(i))), ...labels]);
  const boxes = inner.map((box, i) => {
    const { x, y } = spotOf(spots, nameOf.child(i));
    return moved(box, x - box.width / 2, y - box.height / 2);
  });
  const isRoot = block.kind === 'model';
  const inPorts = isRoot ? [] : block.inputs.map((_, i) => spotOf(spots, nameOf.input(i)));
  const outPorts = isRoot ? [] : block.outputs.map((_, i) => spotOf(spots, nameOf.output(i)));
  const ends = spread(boxes, edges, inPorts, outPorts);
  const drawn = edges.map((each, i): DrawnEdge => {
    const points = route(ends[i] ?? { from: { x: 0, y: 0 }, to: { x: 0, y: 0 } }, each.points, bands);
    return { ...each, points, path: curve(points) };
  });
  return framed(block, boxes, drawn, { inPorts, outPorts });
}

function spotOf(spots: ReadonlyMap<string, Spot>, name: string): Spot {
  return spots.get(name) ?? { x: 0, y: 0, width: 0, height: 0 };
}

function linkOf(block: BlockView, edge: EdgeView, isLabeled: boolean): Labeled {
  const { from, to } = edge;
  const text = isLabeled ? shapeLabel(tensorOf(block, edge)) : '';
  const size = text === '' ? { width: 0, height: 0 } : { width: Math.ceil(textWidth(text, sizes.shape)) + 8, height: 15 };
  return {
    from: from.child < 0 ? nameOf.input(from.port) : nameOf.child(from.child),
    to: to.child < 0 ? nameOf.output(to.port) : nameOf.child(to.child),
    weight: 1,
    rows: 1,
    ...size,
    edge,
    text,
  };
}

/** Arranges the children of a block, with a small thing for each place where an edge crosses its border: those at the top come first, and those at the bottom last. */
function arranged(block: BlockView, inner: readonly Box[], visible: readonly Link[]): Arranged {
  const things = new Map<string, { readonly width: number; readonly height: number }>();
  const hidden: Link[] = [];
  const keep = (from: string, to: string, weight: number, rows: number) => hidden.push({ from, to, weight, rows, width: 0, height: 0 });
  for (const [i, { width, height, block: child }] of inner.entries()) {
    const margin = 2 * sheetsOf(child);
    things.set(nameOf.child(i), { width: width + margin, height: height + margin });
  }
  const isRoot = block.kind === 'model';
  const [inputs, outputs] = isRoot ? [[], []] : [block.inputs, block.outputs];
  for (const [ports, end] of [
    [inputs, 'top'],
    [outputs, 'bottom'],
  ] as const) {
    if (ports.length > 0) things.set(end, { width: 0, height: 0 });
    for (const i of ports.keys()) {
      const name = end === 'top' ? nameOf.input(i) : nameOf.output(i);
      things.set(name, { width: 8, height: 0 });
      if (end === 'top') keep(end, name, 100, 1);
      else keep(name, end, 100, 1);
    }
  }
  const first = arrange(things, [...visible, ...hidden]);
  const top = inputs.length === 0 ? Number.NEGATIVE_INFINITY : spotOf(first.spots, nameOf.input(0)).y;
  const bottom = outputs.length === 0 ? Number.POSITIVE_INFINITY : spotOf(first.spots, nameOf.output(0)).y;
  const before = hidden.length;
  for (const i of inner.keys()) {
    const { y } = spotOf(first.spots, nameOf.child(i));
    if (y <= top + 1) keep('top', nameOf.child(i), 0, 2);
    if (y >= bottom - 1) keep(nameOf.child(i), 'bottom', 0, 2);
  }
  return hidden.length === before ? first : arrange(things, [...visible, ...hidden]);
}

/** The tensor on an edge. */
export function tensorOf(block: BlockView, { from }: EdgeView): BlockView['inputs'][number] {
  const tensors = from.child < 0 ? block.inputs : block.children[from.child]?.outputs;
  return tensors?.[from.port] ?? { dtype: 'f32', shape: [] };
}

/** The edges with a label: one for each tensor. What comes from outside has its label there, and so has what only goes outside. */
function labeledEdges({ edges }: BlockView): ReadonlySet<EdgeView> {
  const first = new Map<string, EdgeView>();
  for (const edge of edges) {
    const { from, to } = edge;
    if (from.child < 0 || to.child < 0) continue;
    const key = `${from.child} ${from.port}`;
    const known = first.get(key);
    if (known === undefined || to.child < known.to.child) first.set(key, edge);
  }
  return new Set(first.values());
}

interface Ports {
  readonly inPorts: readonly Port[];
  readonly outPorts: readonly Port[];
}

/** A block around what is in it, with its corner at the origin. */
function framed(block: BlockView, boxes: readonly Box[], edges: readonly DrawnEdge[], { inPorts, outPorts }: Ports): Box {
  const isRoot = block.kind === 'model';
  const [left, right] = rangeOf([
    ...boxes.flatMap(({ x, width, block: child }) => [x, x + width + sheetsOf(child)]),
    ...edges.flatMap(({ points }) => points.map(({ x }) => x)),
    ...edges.flatMap(({ label }) => (label === undefined ? [] : [label.x - label.width / 2, label.x + label.width / 2])),
    ...[...inPorts, ...outPorts].flatMap(({ x }) => [x - 4, x + 4]),
  ]);
  const [upper, lower] = rangeOf([
    ...boxes.flatMap(({ y, height, block: child }) => [y, y + height + sheetsOf(child)]),
    ...edges.flatMap(({ points }) => points.map(({ y }) => y)),
  ]);
  const pad = isRoot ? 0 : gap.inside;
  const top = isRoot ? 0 : sizes.band;
  const text = { label: labelText(block), type: typeText(block) };
  const inner = right - left + 2 * pad;
  const width = Math.max(inner, isRoot ? 0 : headWidth(text.label, text.type) + 2 * gap.inside + 60);
  const dx = (width - inner) / 2 + pad - left;
  const above = inPorts.length > 0 ? 0 : pad;
  const dy = top + above - upper;
  const height = top + above + (lower - upper) + (outPorts.length > 0 ? 0 : pad);
  return {
    block,
    isOpen: true,
    x: 0,
    y: 0,
    width,
    height,
    text: { ...text, detail: '', width, height },
    boxes: boxes.map((box) => moved(box, dx, dy)),
    edges: edges.map((edge) => movedEdge(edge, dx, dy)),
    inPorts: inPorts.map(({ x }) => ({ x: x + dx, y: top })),
    outPorts: outPorts.map(({ x }) => ({ x: x + dx, y: height })),
  };
}

function moved(box: Box, dx: number, dy: number): Box {
  const at = ({ x, y }: Port): Port => ({ x: x + dx, y: y + dy });
  return {
    ...box,
    x: box.x + dx,
    y: box.y + dy,
    boxes: box.boxes.map((inner) => moved(inner, dx, dy)),
    edges: box.edges.map((edge) => movedEdge(edge, dx, dy)),
    inPorts: box.inPorts.map(at),
    outPorts: box.outPorts.map(at),
  };
}

function movedEdge(edge: DrawnEdge, dx: number, dy: number): DrawnEdge {
  const points = edge.points.map(({ x, y }) => ({ x: x + dx, y: y + dy }));
  const label = edge.label && { ...edge.label, x: edge.label.x + dx, y: edge.label.y + dy };
  return { ...edge, points, label, path: curve(points) };
}
