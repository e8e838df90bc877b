import { printableText } from '../diagnostics/text-width.js';
import { append } from '../lists.js';
import { lines, type PlainText } from './plain-text.js';

export interface TableOptions {
  /** The columns of numbers, which are aligned on the right. */
  readonly right?: readonly number[];
  /** Cells in a line of the terminal; without it, a row is one line, however long. */
  readonly width?: number | undefined;
  /** Whether the first row has the names of the columns. */
  readonly hasHead?: boolean;
}

const gap = '  ';

/**
 * Rows of words as columns: all but the last are padded. What does not fit into a line of the terminal continues on lines of its own: a long last column
 * below itself, other columns below their row, with the names that the head gives them.
 */
export function columns(rows: readonly (readonly string[])[], { right = [], width, hasHead = false }: TableOptions = {}): PlainText {
  const cells = rows.map((row) => row.map(printableText));
  const { widths, starts } = measure(cells);
  const cell = (text: string, i: number): string => (right.includes(i) ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0));
  const beginning = (row: readonly string[], count: number) => row.slice(0, count).map(cell).join(gap);
  const room = width ?? Number.POSITIVE_INFINITY;
  const fitting = widths.filter((size, i) => (starts[i] ?? 0) + size <= room).length;
  if (fitting === widths.length) return lines(cells.map((row) => beginning(row, row.length).trimEnd()));
  const last = widths.length - 1;
  const start = starts[last] ?? 0;
  if (last > 0 && fitting === last && start <= room / 2 && !right.includes(last)) {
    return lines(
      cells.flatMap((row) => {
        const [first = '', ...more] = wrapped(row[last] ?? '', room - start, 0);
        return [`${beginning(row, last)}${gap}${first}`.trimEnd(), ...more.map((text) => `${' '.repeat(start)}${text}`)];
      }),
    );
  }
  const kept = Math.max(fitting, 1);
  const [head = []] = hasHead ? cells : [];
  return lines(
    cells.flatMap((row, i) => {
      const line = beginning(row, kept).trimEnd();
      if (hasHead && i === 0) return [line];
      const depth = Math.min(line.search(/\S|$/) + 4, Math.floor(room / 2));
      const rest = row.slice(kept).flatMap((text, k) => (text === '' ? [] : `${head[kept + k] ?? ''} ${text}`.trim()));
      return [line, ...packed(rest, room - depth).map((text) => `${' '.repeat(depth)}${text}`)];
    }),
  );
}

function measure(rows: readonly (readonly string[])[]): { readonly widths: readonly number[]; readonly starts: readonly number[] } {
  const widths: number[] = [];
  for (const row of rows) for (const [i, text] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, text.length);
  let next = 0;
  const starts = widths.map((size) => {
    const start = next;
    next += size + gap.length;
    return start;
  });
  return { widths, starts };
}

/** Texts on as few lines as possible, each together; one that is too long has lines of its own. */
function packed(texts: readonly string[], room: number): readonly string[] {
  const all: string[] = [];
  let open = '';
  for (const text of texts) {
    const longer = open === '' ? text : `${open}${gap}${text}`;
    if (longer.length > room && open !== '') all.push(open);
    open = longer.length > room ? text : longer;
    if (open.length > room) {
      append(all, wrapped(open, room, 2));
      open = '';
    }
  }
  return open === '' ? all : [...all, open];
}

/** After a blank that is not one of a product: `1.1 KB*N*(H // 2)` stays together. */
const breaks = /(?<= )(?<!(?:\d|\/\/|%) )(?!(?:\/\/|%) )/;

/** Breaks a text between words, and long words such as JSON at commas; the lines after the first are indented. What is still too long stays whole. */
export function wrapped(text: string, room: number, indent: number): readonly string[] {
  const parts = text.split(breaks).flatMap((word) => (word.trimEnd().length > room - indent ? word.split(/(?<=,)/) : [word]));
  const all: string[] = [];
  let open = '';
  for (const part of parts) {
    if ((open + part).trimEnd().length > room && open.trim() !== '') {
      all.push(open.trimEnd());
      open = ' '.repeat(indent);
    }
    open += part;
  }
  return [...all, open];
}
