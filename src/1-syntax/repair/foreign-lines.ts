import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { diagnostic } from '../../diagnostics/diagnostic.js';
import type { Complaints } from '../complaints.js';
import { endOf, farthest, isWord, statementStarts } from './token-kinds.js';

/** Statements of Python that have no counterpart, with what to do instead. */
const statements: ReadonlyMap<string, string> = new Map([
  ['pass', 'leave it out: a block may be empty, `{ }`'],
  ['raise', 'a build is stopped by `assert condition, "message"`'],
  ['try', 'there are no exceptions: what is wrong is found before anything runs'],
  ['except', 'there are no exceptions: what is wrong is found before anything runs'],
  ['finally', 'there are no exceptions: what is wrong is found before anything runs'],
  ['with', 'there are no contexts: write the lines of the block alone'],
]);

/** Reports lines that are statements of Python, and drops them; the lines of their blocks stay. */
export function dropForeignLines(tokens: readonly SourceToken[], complaints: Complaints): readonly SourceToken[] {
  if (!tokens.some(({ image }) => statements.has(image))) return tokens;
  const out: SourceToken[] = [];
  const starts = statementStarts(tokens);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as SourceToken; // in range
    const instead = starts[i] === true ? statements.get(token.image) : undefined;
    const end = instead === undefined ? i : lineEnd(tokens, i);
    if (instead === undefined || !isStatement(tokens, i, end)) {
      out.push(token);
      continue;
    }
    const span = complaints.span(token.startOffset, endOf(token));
    complaints.add(diagnostic('foreign-keyword', span, { word: token.image, instead }), { start: span.start, end: endOf(tokens[end - 1]) });
    i = end - 1;
  }
  return out;
}

/** The first token after the line of the one at `i`, or the `}` that ends the block. */
function lineEnd(tokens: readonly SourceToken[], i: number): number {
  let end = i + 1;
  while (end < tokens.length - 1 && end - i < farthest && (tokens[end]?.indent ?? 0) < 0 && tokens[end]?.tokenType !== T.RBrace) end++;
  return end;
}

/** Whether the line is not a statement of archc that begins with such a name: `raise = 2`, `with { .. }`. */
function isStatement(tokens: readonly SourceToken[], i: number, end: number): boolean {
  const [token, next] = [tokens[i], tokens[i + 1]];
  const isAlone = end === i + 1;
  const hasBlock = tokens[end - 1]?.tokenType === T.Colon;
  switch (token?.image) {
    case 'pass':
      return isAlone;
    case 'raise':
      return isAlone || isWord(next);
    case 'with':
      return isWord(next) && hasBlock;
    default:
      return hasBlock;
  }
}
