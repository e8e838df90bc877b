import { type Palette, plainPalette } from './palette.js';
import type { Diagnostic, ShapeTable } from './record.js';
import { cellAt, excerptOf, type LaidOutLine, layOut, SourceText } from './source-line.js';
import type { Span } from './span.js';
import { cellWidth, printableText } from './text-width.js';

export interface TerminalOptions {
  readonly palette?: Palette;
  /** Cells that a line of source may take before it is cut to a window around the mark; 120 by default. */
  readonly width?: number;
}

/** A marked place: carets with the label for the diagnostic itself, dashes with a text for each note. */
interface Mark {
  readonly span: Span;
  readonly text: string | undefined;
  readonly sign: '^' | '-';
  readonly color: (text: string) => string;
}

/**
 * Diagnostics for people: what is wrong, the marked source, where the other number came from, what to write. `sources` maps a path to its
 * text; a file that is not in it is named without its lines.
 */
export function renderTerminal(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  options: TerminalOptions = {},
): string {
  const texts = new Map<string, SourceText>();
  const textOf = (file: string): SourceText | undefined => {
    const source = sources.get(file);
    if (source === undefined) return undefined;
    const known = texts.get(file) ?? new SourceText(source);
    texts.set(file, known);
    return known;
  };
  return diagnostics.map((d) => renderOne(d, textOf, options)).join('\n');
}

type TextOf = (file: string) => SourceText | undefined;

function renderOne(d: Diagnostic, textOf: TextOf, options: TerminalOptions): string {
  const palette = options.palette ?? plainPalette;
  const paint = d.severity === 'error' ? palette.error : palette.warning;
  const marks: Mark[] = [
    { span: d.span, text: d.label, sign: '^', color: paint },
    ...d.notes.map((note): Mark => ({ span: note.span, text: note.text, sign: '-', color: palette.note })),
  ];
  const frame = new Frame(gutterWidth(marks, textOf), palette, options.width ?? 120);
  frame.raw(`${paint(`${d.severity}[${d.code}]`)}${palette.strong(`: ${printableText(d.message)}`)}`);
  for (const [index, mark] of marks.entries()) frame.mark(mark, marks[index - 1], textOf(mark.span.file));
  if (d.table !== undefined) frame.table(d.table, paint);
  if (d.help !== undefined) frame.remark('help', d.help);
  else for (const fix of d.fixes) frame.remark('fix', fix.title);
  return frame.text();
}

/** Digits of the largest line number shown, so that all bars of one diagnostic are aligned. */
function gutterWidth(marks: readonly Mark[], textOf: TextOf): number {
  return Math.max(...marks.map(({ span }) => String(textOf(span.file)?.position(span.end).line ?? 1).length));
}

/** The lines of one diagnostic, next to a gutter of line numbers. */
class Frame {
  readonly #gutter: number;
  readonly #palette: Palette;
  readonly #width: number;
  readonly #lines: string[] = [];

  constructor(gutter: number, palette: Palette, width: number) {
    this.#gutter = gutter;
    this.#palette = palette;
    this.#width = Math.max(20, width);
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  raw(line: string): void {
    this.#lines.push(line);
  }

  /** Draws the location and its mark, under the line of `previous` if that is the same line. */
  mark(mark: Mark, previous: Mark | undefined, source: SourceText | undefined): void {
    if (source === undefined) {
      this.#arrow(printableText(mark.span.file));
      if (mark.text !== undefined) this.#bar('', mark.color(printableText(mark.text)));
      return;
    }
    const start = source.position(mark.span.start);
    const end = source.position(Math.max(mark.span.start, lastOffset(mark.span, source.text)));
    const merged = previous !== undefined && start.line === end.line && standsAlone(previous, mark, source, start.line);
    if (!merged) this.#arrow(`${printableText(mark.span.file)}:${start.line}:${start.column}`);
    const first = layOut(source.line(start.line));
    if (start.line === end.line) {
      this.#snippet(first, start.line, cellAt(first, start.column), cellAt(first, end.column), mark, mark.text, merged);
      return;
    }
    this.#snippet(first, start.line, cellAt(first, start.column), first.cellOf.at(-1) ?? 0, mark, undefined, false);
    if (end.line > start.line + 1) this.#lines.push(this.#palette.frame('...'));
    const last = layOut(source.line(end.line));
    const indent = source.line(end.line).search(/\S|$/);
    this.#snippet(last, end.line, cellAt(last, Math.min(indent + 1, end.column)), cellAt(last, end.column), mark, mark.text, false);
  }

  /** `wanted` over `got`, cell under cell, and carets under the cells that differ. */
  table(table: ShapeTable, paint: (text: string) => string): void {
    const rows = [table.wanted, table.got].map((row) => row.map(printableText));
    const columns = Math.max(...rows.map((row) => row.length));
    const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => textWidth(row[i] ?? ''))));
    // The last cell needs no padding: nothing must align after it.
    const cells = (row: readonly string[]): string =>
      row.map((cell, i) => (i + 1 < row.length ? `${cell},${padding(cell, widths[i])} ` : cell)).join('');
    const line = (row: readonly string[]): string => `[${cells(row)}]`;
    const marks = widths
      .map((width, i) =>
        rows[0]?.[i] === rows[1]?.[i] || table.open?.includes(i) === true ? ' '.repeat(width) : '^'.repeat(Math.max(1, width)),
      )
      .join('  ')
      .trimEnd();
    this.#remarkLine('=', `wanted ${line(rows[0] ?? [])}`);
    this.#remarkLine(' ', `got    ${line(rows[1] ?? [])}`);
    if (marks !== '') this.#remarkLine(' ', `        ${paint(marks)}`);
  }

  remark(kind: 'help' | 'fix', text: string): void {
    this.#remarkLine('=', `${this.#palette.help(`${kind}:`)} ${printableText(text)}`);
  }

  #remarkLine(sign: string, text: string): void {
    this.#lines.push(`${' '.repeat(this.#gutter + 1)}${this.#palette.frame(sign)} ${text}`.trimEnd());
  }

  #arrow(place: string): void {
    this.#lines.push(`${' '.repeat(this.#gutter + 1)}${this.#palette.frame('-->')} ${place}`);
  }

  #bar(number: string, text: string): void {
    this.#lines.push(`${this.#palette.frame(`${number.padStart(this.#gutter)} |`)} ${text}`.trimEnd());
  }

  /** One line of source and its mark; with `onlyMark`, the line has already been drawn. */
  #snippet(line: LaidOutLine, number: number, start: number, end: number, mark: Mark, text: string | undefined, onlyMark: boolean): void {
    const excerpt = excerptOf(line, start, end, this.#width);
    if (!onlyMark) this.#bar(String(number), excerpt.text);
    const from = Math.max(0, start - excerpt.shift);
    const length = Math.max(1, Math.min(end - excerpt.shift, this.#width) - from);
    const label = text === undefined ? '' : printableText(text);
    this.#bar('', `${' '.repeat(from)}${mark.color(`${mark.sign.repeat(length)} ${label}`.trimEnd())}`);
  }
}

/** The end of a span without a final line break, so that the next line is not marked. */
function lastOffset(span: Span, text: string): number {
  let end = Math.min(span.end, text.length);
  while (end > span.start && /[\r\n]/.test(text.charAt(end - 1))) end--;
  return end;
}

/** Whether `mark` can be drawn under the previous line: the same file, the same single line. */
function standsAlone(previous: Mark, mark: Mark, source: SourceText, line: number): boolean {
  if (previous.span.file !== mark.span.file) return false;
  const start = source.position(previous.span.start).line;
  const end = source.position(lastOffset(previous.span, source.text)).line;
  // A cut line shows only the window around its first mark, so another mark needs a window of its own.
  return start === line && end === line && source.line(line).length <= 100;
}

function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += cellWidth(character);
  return width;
}

function padding(cell: string, width = 0): string {
  return ' '.repeat(Math.max(0, width - textWidth(cell)));
}
