import type { Position, Range } from 'vscode-languageserver';
import { lineStarts, positionAt } from '../diagnostics/span.js';

/** Converts between offsets in a text and the positions of the protocol, which count lines and UTF-16 units from 0. */
export class TextPositions {
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    this.#starts = lineStarts(text);
  }

  position(offset: number): Position {
    const { line, column } = positionAt(this.#starts, Math.max(0, Math.min(offset, this.#text.length)));
    return { line: line - 1, character: column - 1 };
  }

  range({ start, end }: { readonly start: number; readonly end: number }): Range {
    return { start: this.position(start), end: this.position(end) };
  }

  /** The offset of a position; one beyond the end of a line or of the text is that end. */
  offset({ line, character }: Position): number {
    if (line >= this.#starts.length) return this.#text.length;
    const start = this.#starts[line] ?? 0;
    const end = this.#starts[line + 1] ?? this.#text.length;
    const ending = /[\r\n]*$/.exec(this.#text.slice(start, end))?.[0].length ?? 0;
    return Math.min(start + character, end - ending);
  }
}
