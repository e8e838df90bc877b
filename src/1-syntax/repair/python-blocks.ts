import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { diagnostic, type Edit } from '../../diagnostics/diagnostic.js';
import { append } from '../../lists.js';
import type { Complaints } from '../complaints.js';
import { endOf, isCloser, isWord, supplied } from './token-kinds.js';

interface Open {
  readonly indent: number;
  readonly chain: Chain;
}

/** An `if` with its `else` branches: one mistake, however many colons it has. */
interface Chain {
  readonly word: SourceToken;
  readonly colon: SourceToken;
  readonly edits: Edit[];
}

/**
 * Inserts braces where `if c:`, `else:` and `for i in xs:` begin a body by indentation alone. The body ends before the first line that is indented no further
 * than its header.
 */
export function bracePythonBlocks(tokens: readonly SourceToken[], complaints: Complaints): SourceToken[] {
  const out: SourceToken[] = [];
  const open: Open[] = [];
  const chains: Chain[] = [];

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as SourceToken; // in range
    let closed: Open | undefined;
    while (token.indent >= 0 && open.length > 0 && token.indent <= (open.at(-1)?.indent ?? 0)) {
      closed = open.pop() as Open; // the stack is not empty
      close(closed);
    }
    const colon = token.indent >= 0 ? headerColon(tokens, i) : -1;
    if (colon < 0) {
      out.push(token);
      continue;
    }
    const mark = tokens[colon] as SourceToken; // found above
    const continues = token.tokenType === T.hard.else && closed !== undefined && closed.indent === token.indent;
    const chain: Chain =
      continues && closed !== undefined ? closed.chain : { word: headerWord(tokens, i) ?? token, colon: mark, edits: [] };
    if (!continues) chains.push(chain);
    chain.edits.push({ span: complaints.span(mark.startOffset, mark.startOffset + 1), text: ' {' });
    append(out, tokens.slice(i, colon));
    out.push({
      ...supplied(T.LBrace, tokens[colon - 1]),
      startOffset: mark.startOffset,
      endOffset: mark.startOffset,
    });
    open.push({ indent: token.indent, chain });
    i = colon;
  }

  function close({ indent, chain }: Open): void {
    const last = out.at(-1);
    const at = complaints.span(endOf(last), endOf(last));
    chain.edits.push({ span: at, text: `\n${' '.repeat(indent)}}` });
    out.push(supplied(T.RBrace, last));
  }

  for (const { word, colon, edits } of chains) {
    const span = complaints.span(colon.startOffset, colon.startOffset + 1);
    const fixes = isDeclaration(word) ? [] : [{ title: 'use braces', edits }];
    complaints.add(diagnostic('python-block', span, { word: word.image }, { fixes }), span);
  }
  return out;
}

function isDeclaration({ tokenType }: SourceToken): boolean {
  return tokenType === T.hard.fn || tokenType === T.hard.layer || tokenType === T.hard.model;
}

/** The word of the line beginning at `tokens[i]` that a block follows. */
function headerWord(tokens: readonly SourceToken[], i: number): SourceToken | undefined {
  const first = tokens[i] as SourceToken; // in range
  const type = first.tokenType;
  if (type === T.hard.if || type === T.hard.for || type === T.hard.else || isDeclaration(first)) return first;
  if (type === T.soft.scan && (isWord(tokens[i + 1]) || tokens[i + 1]?.tokenType === T.LParen)) return first;
  for (let at = i; at === i || (tokens[at]?.indent ?? 0) < 0; at++) {
    const next = tokens[at + 1];
    if (tokens[at]?.tokenType === T.soft.cond && next !== undefined && isWord(next) && next.indent < 0) return tokens[at];
  }
  return undefined;
}

/** The index of the colon that ends the line of a header beginning at `tokens[i]`, or -1; the line's brackets must be balanced. */
function headerColon(tokens: readonly SourceToken[], i: number): number {
  const type = headerWord(tokens, i)?.tokenType;
  if (type === undefined) return -1;
  let depth = 0;
  let at = i;
  for (; at + 1 < tokens.length && (at === i || (tokens[at]?.indent ?? 0) < 0); at++) {
    const token = tokens[at] as SourceToken; // in range
    if (token.tokenType === T.LParen || token.tokenType === T.LBracket || token.tokenType === T.LBrace) depth++;
    if (isCloser(token)) depth--;
  }
  return depth === 0 && at - 1 > i && tokens[at - 1]?.tokenType === T.Colon
    ? at - 1
    : type === T.hard.else && tokens[i + 1]?.tokenType === T.Colon && at - 1 === i + 1
      ? i + 1
      : -1;
}
