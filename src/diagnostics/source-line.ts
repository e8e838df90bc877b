import { lineStarts, type Position, positionAt } from './span.js';
import { cellWidth, printable } from './text-width.js';

/** One line of a source file, laid out in terminal cells. */
export interface LaidOutLine {
  /** The printable characters, each with the number of cells it takes; tabs are already spaces. */
  readonly cells: readonly Cell[];
  /** The first cell of each UTF-16 offset in the line, and finally the width of the line. */
  readonly cellOf: readonly number[];
}

export interface Cell {
  readonly text: string;
  readonly width: number;
}

const tabWidth = 4;

/** A source text that provides its lines and positions; made once for each file of a report. */
export class SourceText {
  readonly text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    this.#starts = lineStarts(text);
  }

  /** Where `offset` is; an offset outside the file counts as its nearest end. */
  position(offset: number): Position {
    return positionAt(this.#starts, Math.max(0, Math.min(offset, this.text.length)));
  }

  /** The text of a line (counted from 1) without its line break. */
  line(number: number): string {
    const start = this.#starts[number - 1] ?? this.text.length;
    const end = this.#starts[number] ?? this.text.length;
    return this.text.slice(start, end).replace(/[\r\n]+$/, '');
  }
}

/** Expands tabs, replaces what must not reach a terminal, and measures wide characters. */
export function layOut(line: string): LaidOutLine {
  const cells: Cell[] = [];
  const cellOf: number[] = [];
  let at = 0;
  for (const character of line) {
    for (let i = 0; i < character.length; i++) cellOf.push(at);
    const width = character === '\t' ? tabWidth - (at % tabWidth) : cellWidth(printable(character));
    cells.push({ text: character === '\t' ? ' '.repeat(width) : printable(character), width });
    at += width;
  }
  cellOf.push(at);
  return { cells, cellOf };
}

/** The cell of a column counted from 1; a column after the end of the line is the cell after its last. */
export function cellAt(line: LaidOutLine, column: number): number {
  return line.cellOf[Math.min(column - 1, line.cellOf.length - 1)] ?? 0;
}

/** The part of a long line that is shown. */
export interface Excerpt {
  readonly text: string;
  /** Cells to subtract from every position in the line to find it in `text`. */
  readonly shift: number;
}

const ellipsis = '…';

/** At most `width` cells of the line, chosen so that the cells from `start` to `end` are visible, with `…` where it was cut. */
export function excerptOf(line: LaidOutLine, start: number, end: number, width: number): Excerpt {
  const total = line.cellOf[line.cellOf.length - 1] ?? 0;
  if (total <= width) return { text: line.cells.map((c) => c.text).join(''), shift: 0 };
  const marked = Math.min(end - start, width - 2);
  const from = Math.max(0, Math.min(start - ((width - marked) >> 1), total - width));
  const cutsHead = from > 0;
  const cutsTail = from + width < total;
  const low = from + (cutsHead ? 1 : 0);
  const high = from + width - (cutsTail ? 1 : 0);
  let text = '';
  let at = 0;
  let first: number | undefined;
  for (const cell of line.cells) {
    if (at >= low && at + cell.width <= high) {
      first ??= at;
      text += cell.text;
    }
    at += cell.width;
  }
  const lead = cutsHead ? ellipsis : '';
  return { text: lead + text + (cutsTail ? ellipsis : ''), shift: (first ?? from) - lead.length };
}
