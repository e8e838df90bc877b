import { lineStarts, positionAt } from '../../diagnostics/span.js';
import { largest } from '../../lists.js';
import { isMark, type Line, type Mark, narrowest } from './doc.js';

/** A line cut at its marks. */
interface Cells {
  readonly indent: number;
  readonly head: string;
  readonly cells: { readonly mark: Mark; readonly text: string; gap: number }[];
}

/** The gap before an aligned `as`. */
const wide = 3;

/**
 * Widens gaps. The `as` of one broken pipeline are in one column. Anything else that the author has aligned with the line above or below stays aligned: marks
 * of two adjacent lines are linked if they were in one column and a gap was wider than needed.
 */
export function align(lines: readonly Line[], source: string, width: number): string[] {
  const starts = lineStarts(source);
  const rows = lines.map(cut);
  const printed = new Set(rows.flatMap(({ cells }) => cells.map(({ mark }) => mark)));
  const isBroken = ({ family, unless }: Mark) => family !== undefined && (unless === undefined || !printed.has(unless));
  const isFree = (mark: Mark) => !isBroken(mark) && mark.offset >= 0 && mark.before !== '#';
  const depth = largest(rows.map(({ cells }) => cells.length));
  for (let j = 0; j < depth; j++) {
    for (let from = 0; from < rows.length; ) {
      let to = from + 1;
      while (to < rows.length && areLinked(rows[to - 1], rows[to], j)) to++;
      if (to > from + 1) widen(rows.slice(from, to), j, rows[from]?.cells[j]?.mark.before === 'as' ? wide : 0, width);
      from = to;
    }
  }
  for (const family of families(rows, isBroken)) widenFamily(family, width);
  alignComments();
  return rows.map(print);

  function areLinked(a: Cells | undefined, b: Cells | undefined, j: number): boolean {
    const left = a?.cells[j]?.mark;
    const right = b?.cells[j]?.mark;
    if (a === undefined || b === undefined || left === undefined || right === undefined || a.indent !== b.indent) return false;
    if (!isFree(left) || !isFree(right)) return false;
    for (let k = 0; k <= j; k++) if (a.cells[k]?.mark.before !== b.cells[k]?.mark.before) return false;
    if (column(left) !== column(right) || Math.abs(lineOf(left) - lineOf(right)) !== 1) return false;
    return gapBefore(source, left.offset) > narrowest(left) || gapBefore(source, right.offset) > narrowest(right);
  }

  /** Trailing comments that were in one column stay in one, as long as no empty line separates them. */
  function alignComments(): void {
    let run: Cells[] = [];
    const flush = () => {
      const target = largest(run.map((row) => widthBefore(row, row.cells.length - 1))) + 2;
      for (const row of run) (row.cells.at(-1) ?? { gap: 0 }).gap = target - widthBefore(row, row.cells.length - 1);
      run = [];
    };
    for (const row of rows) {
      const mark = row.cells.at(-1)?.mark;
      const last = run.at(-1)?.cells.at(-1)?.mark;
      if (row.head === '' && mark === undefined) flush();
      if (mark?.before !== '#') continue;
      const goesOn = last !== undefined && column(last) === column(mark) && run[0]?.indent === row.indent;
      const wasAligned = last !== undefined && (gapBefore(source, last.offset) > 2 || gapBefore(source, mark.offset) > 2);
      if (!goesOn || !wasAligned) flush();
      run.push(row);
    }
    flush();
  }

  function column(mark: Mark): number {
    return positionAt(starts, mark.offset).column;
  }

  function lineOf(mark: Mark): number {
    return positionAt(starts, mark.offset).line;
  }
}

function gapBefore(source: string, offset: number): number {
  let at = offset;
  while (at > 0 && source.charAt(at - 1) === ' ') at--;
  return offset - at;
}

function cut({ indent, pieces }: Line): Cells {
  let head = '';
  const cells: Cells['cells'] = [];
  for (const piece of pieces) {
    if (isMark(piece)) cells.push({ mark: piece, text: '', gap: narrowest(piece) });
    else {
      const last = cells.pop();
      if (last === undefined) head += piece;
      else cells.push({ ...last, text: last.text + piece });
    }
  }
  return { indent, head, cells };
}

/** The width of a line up to the gap of cell `j`. */
function widthBefore({ indent, head, cells }: Cells, j: number): number {
  return cells.slice(0, j).reduce((sum, { gap, text }) => sum + gap + text.length, indent + head.length);
}

function widthOf(row: Cells): number {
  return widthBefore(row, row.cells.length);
}

function widen(rows: readonly Cells[], j: number, least: number, width: number): void {
  const target = largest(rows.map((row) => widthBefore(row, j) + Math.max(least, row.cells[j]?.gap ?? 0)));
  const gaps = rows.map((row) => target - widthBefore(row, j));
  const overflows = rows.some((row, i) => widthOf(row) + (gaps[i] ?? 0) - (row.cells[j]?.gap ?? 0) > width);
  if (overflows) return;
  rows.forEach((row, i) => {
    const cell = row.cells[j];
    if (cell !== undefined) cell.gap = gaps[i] ?? cell.gap;
  });
}

interface Member {
  readonly row: Cells;
  readonly j: number;
}

function families(rows: readonly Cells[], isBroken: (mark: Mark) => boolean): Iterable<readonly Member[]> {
  const found = new Map<object, Member[]>();
  for (const row of rows) {
    row.cells.forEach(({ mark }, j) => {
      if (mark.family === undefined || !isBroken(mark)) return;
      const members = found.get(mark.family) ?? [];
      members.push({ row, j });
      found.set(mark.family, members);
    });
  }
  return found.values();
}

function widenFamily(members: readonly Member[], width: number): void {
  const target = largest(members.map(({ row, j }) => widthBefore(row, j))) + wide;
  const overflows = members.some(({ row, j }) => widthOf(row) - (row.cells[j]?.gap ?? 0) + target - widthBefore(row, j) > width);
  for (const { row, j } of members) {
    const cell = row.cells[j];
    if (cell !== undefined) cell.gap = overflows ? wide : target - widthBefore(row, j);
  }
}

function print({ indent, head, cells }: Cells): string {
  const text = cells.reduce((all, { gap, text: cell }) => all + ' '.repeat(gap) + cell, head);
  return text === '' ? '' : ' '.repeat(indent) + text;
}
