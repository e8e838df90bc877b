import type { IToken } from 'chevrotain';
import { tokenize } from '../../grammar/scanner.js';
import { endToken, type SourceToken } from '../../grammar/source-token.js';

export interface Scanned {
  /** Ends with a token for the end of the file. */
  readonly tokens: SourceToken[];
  /** `#` and `##` comments in source order. */
  readonly comments: readonly IToken[];
  /** Runs of characters that begin no token. */
  readonly errors: readonly { readonly offset: number; readonly text: string }[];
}

/** Tokens with their layout; depths are filled in by the repair pass. `text` is the part of a file that starts at `offset`. */
export function scan(text: string, offset = 0): Scanned {
  const { tokens, comments, errors } = tokenize(text);
  let lineStart = 0;
  let last = 0;
  for (const token of tokens) {
    const start = token.startOffset;
    const line = lineAfter(text, last, start);
    if (line >= 0) lineStart = line;
    if (line >= 0 || last === 0) token.indent = start - lineStart;
    last = start + token.image.length;
    token.startOffset = start + offset;
    token.endOffset = last - 1 + offset;
  }
  const all: SourceToken[] = tokens;
  all.push(endToken(text.length + offset));
  return {
    tokens: all,
    comments: offset === 0 ? comments : comments.map((token) => ({ ...token, startOffset: token.startOffset + offset })),
    errors: errors.map((error) => ({ offset: error.offset + offset, text: error.text })),
  };
}

/** The start of the last line that begins between `from` and `to`, or -1. */
function lineAfter(text: string, from: number, to: number): number {
  for (let at = to - 1; at >= from; at--) {
    const c = text.charCodeAt(at);
    if (c === 10 || c === 13) return at + 1;
  }
  return -1;
}
