import type { EdgeView } from '../api/model-view.js';
import { largest } from '../lists.js';
import type { Box } from './layout.js';

/** A place in the picture. */
export interface Port {
  readonly x: number;
  readonly y: number;
}

/** The text on an edge, with its middle and size. */
export interface EdgeLabel extends Port {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

export interface DrawnEdge {
  readonly edge: EdgeView;
  readonly label: EdgeLabel | undefined;
  /** From the bottom of one block to the top of another. Between two points, it goes straight down, or changes its place between two rows of blocks. */
  readonly points: readonly Port[];
  /** The same as the data of an SVG path. */
  readonly path: string;
}

/** A row of blocks. Edges that cross it go straight down. */
interface Band {
  readonly middle: number;
  readonly top: number;
  readonly bottom: number;
}

/** The rows of things with the same middle. */
export function bandsOf(things: readonly { readonly y: number; readonly height: number }[]): readonly Band[] {
  const halves = new Map<number, number>();
  for (const { y, height } of things) {
    const middle = Math.round(y);
    halves.set(middle, Math.max(halves.get(middle) ?? 0, height / 2 + Math.abs(y - middle)));
  }
  return [...halves].map(([middle, half]) => ({ middle, top: middle - half, bottom: middle + half })).sort((a, b) => a.middle - b.middle);
}

function bandAt(bands: readonly Band[], y: number): Band {
  return bands.find(({ middle }) => Math.abs(middle - y) < 1.5) ?? { middle: y, top: y, bottom: y };
}

interface Ends {
  readonly from: Port;
  readonly to: Port;
}

/** The way of an edge through the rows of blocks that it passes. */
export function route({ from, to }: Ends, between: readonly Port[], bands: readonly Band[]): readonly Port[] {
  const points: Port[] = [from];
  const leaving = bands.find(({ top, bottom }) => top <= from.y && from.y < bottom - 0.5);
  if (leaving !== undefined && leaving.bottom < to.y) points.push({ x: from.x, y: leaving.bottom });
  for (const { x, y } of between) {
    const { top, bottom } = bandAt(bands, y);
    const last = points[points.length - 1] ?? from;
    if (bottom <= last.y || top >= to.y) continue;
    points.push({ x, y: Math.max(top, last.y) });
    if (bottom > top) points.push({ x, y: bottom });
  }
  const entering = bands.find(({ top, bottom }) => top + 0.5 < to.y && to.y <= bottom);
  const last = points[points.length - 1] ?? from;
  if (entering !== undefined && entering.top > last.y) points.push({ x: to.x, y: entering.top });
  points.push(to);
  return points;
}

/** A path through points, which leaves and reaches each of them straight down. */
export function curve(points: readonly Port[]): string {
  const [first, ...others] = points;
  if (first === undefined) return '';
  let path = `M${shown(first)}`;
  let before = first;
  for (const point of others) {
    const middle = (before.y + point.y) / 2;
    path +=
      Math.abs(point.x - before.x) < 0.05
        ? `L${shown(point)}`
        : `C${shown({ x: before.x, y: middle })} ${shown({ x: point.x, y: middle })} ${shown(point)}`;
    before = point;
  }
  return path;
}

function shown({ x, y }: Port): string {
  return `${rounded(x)},${rounded(y)}`;
}

/** With one decimal place. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}

interface Raw {
  readonly edge: EdgeView;
  readonly points: readonly Port[];
}

/** The ends of edges. On the border of a closed block, ends are side by side in the order in which the edges go; those of one tensor leave together. */
export function spread(boxes: readonly Box[], edges: readonly Raw[], inPorts: readonly Port[], outPorts: readonly Port[]): readonly Ends[] {
  const middleOf = (child: number): number => {
    const box = boxes[child];
    return box === undefined ? 0 : box.x + box.width / 2;
  };
  const nextX = ({ edge, points }: Raw) => points[0]?.x ?? (edge.to.child < 0 ? (outPorts[edge.to.port]?.x ?? 0) : middleOf(edge.to.child));
  const lastX = ({ edge, points }: Raw) =>
    points[points.length - 1]?.x ?? (edge.from.child < 0 ? (inPorts[edge.from.port]?.x ?? 0) : middleOf(edge.from.child));
  const starts = new Map<Raw, Port>();
  const stops = new Map<Raw, Port>();
  for (const [child, box] of boxes.entries()) {
    const leaving = edges.filter(({ edge }) => edge.from.child === child);
    const ports = [...new Set(leaving.map(({ edge }) => edge.from.port))].map((port) => {
      const own = leaving.filter(({ edge }) => edge.from.port === port);
      return { port, own, at: own.reduce((sum, each) => sum + nextX(each), 0) / own.length };
    });
    ports.sort((a, b) => a.at - b.at || a.port - b.port);
    for (const [i, { port, own }] of ports.entries()) {
      const open = box.outPorts[port];
      const start = open ?? { x: side(box.x, box.width, i, ports.length), y: box.y + box.height };
      for (const each of own) starts.set(each, start);
    }
    const arriving = edges.filter(({ edge }) => edge.to.child === child);
    arriving.sort((a, b) => lastX(a) - lastX(b) || a.edge.to.port - b.edge.to.port);
    for (const [i, each] of arriving.entries()) {
      const open = box.inPorts[each.edge.to.port];
      stops.set(each, open === undefined ? { x: side(box.x, box.width, i, arriving.length), y: box.y } : { x: open.x, y: box.y });
    }
  }
  const origin = { x: 0, y: 0 };
  return edges.map((each) => ({
    from: starts.get(each) ?? inPorts[each.edge.from.port] ?? origin,
    to: stops.get(each) ?? outPorts[each.edge.to.port] ?? origin,
  }));
}

/** The place of one of several ends on a border. */
function side(left: number, width: number, i: number, count: number): number {
  const step = Math.min(16, count < 2 ? 0 : (width - 24) / (count - 1));
  return left + width / 2 + (i - (count - 1) / 2) * step;
}

/** The lowest and the highest of some numbers; zeros if there are none. */
export function rangeOf(numbers: readonly number[]): readonly [number, number] {
  if (numbers.length === 0) return [0, 0];
  const negated = numbers.map((number) => -number);
  return [-largest(negated, Number.NEGATIVE_INFINITY), largest(numbers, Number.NEGATIVE_INFINITY)];
}
