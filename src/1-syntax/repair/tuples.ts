import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { diagnostic } from '../../diagnostics/diagnostic.js';
import type { Complaints } from '../complaints.js';
import { closerOf, endOf, farthest, isCloser, isWord, statementStarts, supplied } from './token-kinds.js';

/** Puts brackets around `a, b` in `a, b = f(x)`, `for a, b in xs` and `return a, b`. */
export function repairTuples(tokens: readonly SourceToken[], complaints: Complaints): SourceToken[] {
  const out: SourceToken[] = [];
  const starts = statementStarts(tokens);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as SourceToken; // in range
    const isHead = token.tokenType === T.hard.for || token.tokenType === T.hard.return;
    const start = isHead ? i + 1 : i;
    const end = isHead || starts[i] === true ? tupleEnd(tokens, start, token) : undefined;
    const first = tokens[start];
    const last = end === undefined ? undefined : tokens[end - 1];
    if (isHead || end === undefined) out.push(token);
    if (first === undefined || last === undefined || end === undefined) continue;
    report(first, last, token.tokenType === T.hard.return ? 'results' : 'names', complaints);
    out.push({ ...supplied(T.LParen, undefined), startOffset: first.startOffset, endOffset: first.startOffset - 1, indent: first.indent });
    for (let k = start; k < end; k++) out.push({ ...(tokens[k] as SourceToken), indent: -1 });
    out.push(supplied(T.RParen, last));
    i = end - 1;
  }
  return out;
}

/** Where the items that begin at `start` end, if there are several of them, followed by what `head` requires. */
function tupleEnd(tokens: readonly SourceToken[], start: number, head: SourceToken): number | undefined {
  if (head.tokenType === T.hard.return) return resultsEnd(tokens, start);
  const end = namesEnd(tokens, start);
  const after = tokens[end ?? 0]?.tokenType;
  return end !== undefined && after === (head.tokenType === T.hard.for ? T.hard.in : T.Eq) ? end : undefined;
}

/** The end of `a, (b, c), d`. */
function namesEnd(tokens: readonly SourceToken[], start: number): number | undefined {
  let commas = 0;
  for (let i = start; ; i++) {
    const token = tokens[i];
    if (token === undefined || (i > start && token.indent >= 0)) return undefined;
    if (token.tokenType === T.LParen) i = closing(tokens, i) ?? tokens.length;
    else if (!isWord(token)) return undefined;
    if (tokens[i + 1]?.tokenType !== T.Comma) return commas > 0 ? i + 1 : undefined;
    commas++;
    i++;
  }
}

/** The end of what is returned on one line, if commas separate it. */
function resultsEnd(tokens: readonly SourceToken[], start: number): number | undefined {
  let commas = 0;
  for (let i = start; ; i++) {
    const token = tokens[i];
    if (i - start > farthest) return undefined;
    if (token?.tokenType === T.RParen || token?.tokenType === T.RBracket) return undefined;
    if (token === undefined || token.indent >= 0 || token.image === '' || isCloser(token))
      return commas > 0 && tokens[i - 1]?.tokenType !== T.Comma ? i : undefined;
    if (token.tokenType === T.Comma) commas++;
    if (closerOf.has(token.tokenType)) i = closing(tokens, i) ?? tokens.length;
  }
}

/** The bracket that closes the one at `i`; undefined if brackets do not match. */
function closing(tokens: readonly SourceToken[], i: number): number | undefined {
  const open: SourceToken[] = [];
  for (let k = i; k < Math.min(tokens.length, i + farthest); k++) {
    const token = tokens[k] as SourceToken; // in range
    if (closerOf.has(token.tokenType)) open.push(token);
    else if (isCloser(token)) {
      const opener = open.pop();
      if (opener === undefined || closerOf.get(opener.tokenType) !== token.tokenType) return undefined;
      if (open.length === 0) return k;
    }
  }
  return undefined;
}

function report(first: SourceToken, last: SourceToken, what: 'names' | 'results', complaints: Complaints): void {
  const [start, end] = [first.startOffset, endOf(last)];
  const edits = [
    { span: complaints.span(start, start), text: '(' },
    { span: complaints.span(end, end), text: ')' },
  ];
  const d = diagnostic('bare-tuple', complaints.span(start, end), { what }, { fixes: [{ title: 'put them in brackets', edits }] });
  // Mistakes in the items have messages of their own.
  complaints.add(d, { start, end: start });
}
