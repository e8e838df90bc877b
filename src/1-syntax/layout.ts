import { tokenize } from '../../grammar/scanner.js';
import { spanBeside } from '../diagnostics/anchor.js';
import type { Span } from '../diagnostics/span.js';
import type { Expr, File } from './ast.js';
import { eachNode } from './walk.js';

/** A piece of the text of a file. All pieces of a file, in order, are its text. */
export interface Piece {
  /** `stray`: characters that begin no token. */
  readonly kind: 'token' | 'comment' | 'space' | 'stray';
  readonly start: number;
  readonly end: number;
}

/**
 * What the tree of a file does not keep: white space, comments and brackets. It is read from the text when it is asked for, so that a check pays nothing for it;
 * a refactoring needs it to move or replace exactly what somebody wrote.
 */
export class Layout {
  readonly #file: File;
  readonly pieces: readonly Piece[];

  constructor(file: File) {
    this.#file = file;
    this.pieces = piecesOf(file.text);
  }

  text({ start, end }: Pick<Piece, 'start' | 'end'>): string {
    return this.#file.text.slice(start, end);
  }

  /** The piece that an offset is in, or before; undefined at the end of the file. */
  at(offset: number): Piece | undefined {
    let low = 0;
    let high = this.pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.pieces[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.pieces[low];
  }

  /** The text of an expression with all brackets that are written around it alone: those of `(a + b) * c` belong to `a + b`, those of `f(a)` to the call. */
  extent(expr: Expr): Span {
    let { start, end } = expr.span;
    for (;;) {
      const [open, close] = [this.#before(start), this.#after(end)];
      if (open === undefined || close === undefined || this.text(open) !== '(' || this.text(close) !== ')') break;
      if (this.#isOfNode(open.start)) break;
      start = open.start;
      end = close.end;
    }
    return spanBeside(expr.span, start, end);
  }

  /** The comments directly above an offset and on lines of their own, from the first to the last; undefined if there are none. */
  commentsAbove(offset: number): Pick<Piece, 'start' | 'end'> | undefined {
    let at = this.pieces.findIndex((piece) => piece.end > offset || piece.start === offset);
    if (at < 0) at = this.pieces.length;
    let first: Piece | undefined;
    let last: Piece | undefined;
    for (let i = at - 1; i >= 0; i--) {
      const piece = this.pieces[i];
      if (piece === undefined || piece.kind === 'token' || piece.kind === 'stray') break;
      if (piece.kind === 'space' && lines(this.text(piece)) > 1) break;
      if (piece.kind !== 'comment') continue;
      const before = this.pieces[i - 1];
      const isAlone = before === undefined || (before.kind === 'space' && (lines(this.text(before)) > 0 || before.start === 0));
      if (!isAlone) break;
      first = piece;
      last ??= piece;
    }
    return first && last && { start: first.start, end: last.end };
  }

  #before(offset: number): Piece | undefined {
    return this.pieces.findLast((piece) => piece.kind === 'token' && piece.end <= offset);
  }

  #after(offset: number): Piece | undefined {
    return this.pieces.find((piece) => piece.kind === 'token' && piece.start >= offset);
  }

  /** Whether a bracket begins a list of arguments, a tuple, or whatever else has a place in the tree. */
  #isOfNode(bracket: number): boolean {
    let found = false;
    for (const item of this.#file.items) {
      if (bracket < item.span.start || bracket >= item.span.end) continue;
      eachNode(item, (node) => {
        const { argsSpan, span } = node as { readonly argsSpan?: Span; readonly span?: Span };
        if (argsSpan?.start === bracket || (hasBrackets(node.kind) && span?.start === bracket)) found = true;
      });
    }
    return found;
  }
}

/** Whether the text of a node begins with a bracket of its own. */
function hasBrackets(kind: string): boolean {
  return kind === 'tuple' || kind === 'tuple-pattern' || kind === 'named-pair';
}

function lines(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

function piecesOf(text: string): readonly Piece[] {
  const { tokens, comments, errors } = tokenize(text);
  const found: Piece[] = [
    ...tokens.map(({ startOffset: start, image }): Piece => ({ kind: 'token', start, end: start + image.length })),
    ...comments.map(({ startOffset: start, image }): Piece => ({ kind: 'comment', start, end: start + image.length })),
    ...errors.map(({ offset: start, text: stray }): Piece => ({ kind: 'stray', start, end: start + stray.length })),
  ].sort((a, b) => a.start - b.start);
  const pieces: Piece[] = [];
  let at = 0;
  for (const piece of found) {
    if (piece.start > at) pieces.push({ kind: 'space', start: at, end: piece.start });
    pieces.push(piece);
    at = piece.end;
  }
  if (at < text.length) pieces.push({ kind: 'space', start: at, end: text.length });
  return pieces;
}
