import { headWidth, sizes } from '../../src/graph-view/box-text.js';
import { type Box, type Drawing, sheetsOf } from '../../src/graph-view/layout.js';
import type { Port } from '../../src/graph-view/routes.js';
import { textWidth } from '../../src/graph-view/text-width.js';

interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const slack = 0.6;

/** Everything that is wrong with the places of a drawing, in words. */
export function flawsOf(drawing: Drawing): readonly string[] {
  const flaws: string[] = [];
  for (const [i, { entry, box }] of drawing.entries.entries()) {
    for (const other of drawing.entries.slice(i + 1))
      if (overlap(rectOf(box), rectOf(other.box))) flaws.push(`the entries ${entry.name} and ${other.entry.name} overlap`);
    if (box.x < 0 || box.x + box.width > drawing.width + slack || box.height > drawing.height + slack)
      flaws.push(`${entry.name} is cut off`);
    check(box, flaws);
  }
  return flaws;
}

function rectOf({ x, y, width, height, block }: Box): Rect {
  const sheets = sheetsOf(block);
  return { left: x, top: y, right: x + width + sheets, bottom: y + height + sheets };
}

function overlap(a: Rect, b: Rect): boolean {
  return a.left < b.right - slack && b.left < a.right - slack && a.top < b.bottom - slack && b.top < a.bottom - slack;
}

function isWithin(a: Rect, b: Rect): boolean {
  return a.left >= b.left - slack && a.right <= b.right + slack && a.top >= b.top - slack && a.bottom <= b.bottom + slack;
}

function check(box: Box, flaws: string[]): void {
  const { block, boxes, edges } = box;
  const own = { ...rectOf(box), top: box.y + (block.kind === 'model' ? 0 : sizes.band) };
  const rects = boxes.map(rectOf);
  const labels = edges.flatMap(({ label }) => (label === undefined ? [] : [{ text: label.text, rect: around(label) }]));
  for (const [i, rect] of rects.entries()) {
    const name = boxes[i]!.block.id;
    if (!isWithin(rect, own)) flaws.push(`${name} is not inside ${block.id}`);
    for (const [j, other] of rects.entries()) if (j > i && overlap(rect, other)) flaws.push(`${name} and ${boxes[j]!.block.id} overlap`);
    for (const label of labels) if (overlap(label.rect, rect)) flaws.push(`the label ${label.text} is on ${name}`);
  }
  for (const [i, { text, rect }] of labels.entries()) {
    if (!isWithin(rect, own)) flaws.push(`the label ${text} is not inside ${block.id}`);
    if (textWidth(text, sizes.shape) > rect.right - rect.left) flaws.push(`the label ${text} is wider than its place`);
    for (const other of labels.slice(i + 1))
      if (overlap(rect, other.rect)) flaws.push(`the labels ${text} and ${other.text} in ${block.id} overlap`);
  }
  for (const edge of edges) {
    const { from, to } = edge.edge;
    const [first, last] = [edge.points[0]!, edge.points.at(-1)!];
    const [source, target] = [boxes[from.child], boxes[to.child]];
    const name = `the edge ${from.child}.${from.port} -> ${to.child}.${to.port} in ${block.id}`;
    if (source === undefined ? !isAt(first, box.inPorts[from.port]) : !isOnBottom(first, source))
      flaws.push(`${name} does not begin on a border`);
    if (target === undefined ? !isAt(last, box.outPorts[to.port]) : !isOnTop(last, target)) flaws.push(`${name} does not end on a border`);
    for (const [i, other] of rects.entries())
      if (crosses(edge.points, other, boxes[i] === source || boxes[i] === target)) flaws.push(`${name} crosses ${boxes[i]!.block.id}`);
    for (const [i, point] of edge.points.entries()) if (i > 0 && point.y < edge.points[i - 1]!.y - slack) flaws.push(`${name} goes up`);
  }
  for (const inner of boxes) {
    const { label, type, detail } = inner.text;
    const wanted = Math.max(headWidth(label, type), textWidth(detail, sizes.small));
    if (wanted > inner.width) flaws.push(`the text of ${inner.block.id} is wider than its box`);
    if (inner.isOpen) check(inner, flaws);
  }
}

function around({
  x,
  y,
  width,
  height,
}: {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}): Rect {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

function isAt(point: Port, wanted: Port | undefined): boolean {
  return wanted !== undefined && Math.hypot(point.x - wanted.x, point.y - wanted.y) < slack;
}

function isOnBottom({ x, y }: Port, box: Box): boolean {
  return Math.abs(y - (box.y + box.height)) < slack && x > box.x && x < box.x + box.width;
}

function isOnTop({ x, y }: Port, box: Box): boolean {
  return Math.abs(y - box.y) < slack && x > box.x && x < box.x + box.width;
}

/** Whether one of the curves between two points passes through a box. Each lies in the rectangle of its points. */
function crosses(points: readonly Port[], rect: Rect, isEnd: boolean): boolean {
  const inner = isEnd ? { ...rect, top: rect.top + 12, bottom: rect.bottom - 12 } : rect;
  return points.some((point, i) => {
    const before = points[i - 1];
    if (before === undefined) return false;
    const [left, right] = [Math.min(before.x, point.x), Math.max(before.x, point.x)];
    return overlap({ left: left - 2 * slack, right: right + 2 * slack, top: before.y, bottom: point.y }, inner);
  });
}
