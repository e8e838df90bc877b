import type { IToken } from 'chevrotain';
import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import type { Edit } from '../../diagnostics/diagnostic.js';
import { diagnostic } from '../../diagnostics/diagnostic.js';
import type { Complaints } from '../complaints.js';
import type { Scanned } from '../scan.js';
import { endOf, endsOperand } from './token-kinds.js';

/**
 * Removes comments in the style of other languages. `//` is floor division, so it is a comment only where it cannot be that: where no operand precedes it, or
 * where the rest of its line does not read as an expression.
 */
export function dropForeignComments(scanned: Scanned, text: string, complaints: Complaints): SourceToken[] {
  const kept: SourceToken[] = [];
  const { tokens } = scanned;
  for (let i = 0; i < tokens.length; ) {
    const token = tokens[i] as SourceToken; // `i` is in range
    if (token.tokenType === T.BlockComment) {
      blockComment(token, tokens[i + 1], text, complaints);
      i++;
    } else if (isDocstring(tokens, i)) {
      i = docstring(tokens, i, text, complaints);
    } else if (token.tokenType === T.SlashSlash && isComment(scanned, i, text)) {
      i = slashComments(scanned, i, text, complaints);
    } else {
      kept.push(token);
      i++;
    }
  }
  return kept;
}

function lineEnd(text: string, from: number): number {
  const rest = /[\r\n]/.exec(text.slice(from, from + 10_000));
  return rest === null ? Math.min(text.length, from + 10_000) : from + rest.index;
}

function nextLine(tokens: readonly SourceToken[], i: number): number {
  let at = i + 1;
  while (at < tokens.length - 1 && (tokens[at]?.indent ?? 0) < 0) at++;
  return at;
}

function isComment({ tokens, errors }: Scanned, i: number, text: string): boolean {
  const token = tokens[i] as SourceToken; // the caller's `i` is in range
  const end = nextLine(tokens, i);
  if (!endsOperand(tokens[i - 1])) return true;
  const from = token.startOffset;
  const to = lineEnd(text, from);
  if (errors.some(({ offset }) => offset > from && offset < to)) return true;
  const rest = tokens.slice(i + 1, end);
  if (rest.some(({ tokenType }) => tokenType === T.Eq) && token.indent < 0) return false;
  return rest.some((word, k) => isPlainWord(word) && isPlainWord(rest[k + 1]));
}

function isPlainWord(token: IToken | undefined): boolean {
  return token !== undefined && (token.tokenType === T.Id || token.tokenType === T.Num || token.tokenType === T.Str);
}

/** One message for comments on adjacent lines; returns the number of the first token after them. */
function slashComments(scanned: Scanned, first: number, text: string, complaints: Complaints): number {
  const { tokens } = scanned;
  const edits: Edit[] = [];
  const { startOffset } = tokens[first] as SourceToken; // the caller's `first` is in range
  let at = first;
  let end = startOffset;
  do {
    const slash = tokens[at] as SourceToken; // checked by the condition of the loop
    edits.push({ span: complaints.span(slash.startOffset, slash.startOffset + 2), text: '#' });
    end = lineEnd(text, slash.startOffset);
    at = nextLine(tokens, at);
  } while (tokens[at]?.tokenType === T.SlashSlash && (tokens[at]?.indent ?? -1) >= 0);
  const span = complaints.span(startOffset, startOffset + 2);
  complaints.add(diagnostic('slash-comment', span, {}, { fixes: [{ title: 'write `#`', edits }] }), { start: startOffset, end });
  return at;
}

function blockComment(token: SourceToken, next: SourceToken | undefined, text: string, complaints: Complaints): void {
  const end = endOf(token);
  const span = complaints.span(token.startOffset, end);
  const endsLine = next === undefined || next.indent >= 0 || /^[ \t]*([\r\n]|$)/.test(text.slice(end, end + 200));
  const lines = token.image
    .replace(/^\/\*+/, '')
    .replace(/\*+\/$/, '')
    .split(/\r\n|\r|\n/);
  const indent = ' '.repeat(Math.max(0, token.indent));
  const hashed = lines
    .map((line) => `# ${line.replace(/^[ \t]*\*?[ \t]*/, '').trimEnd()}`.trimEnd())
    .filter((line, i) => line !== '#' || (i > 0 && i < lines.length - 1));
  const edits = [{ span, text: hashed.length > 0 ? hashed.join(`\n${indent}`) : '#' }];
  const fixes = endsLine ? [{ title: 'write `#` comments', edits }] : [];
  complaints.add(
    diagnostic('block-comment', complaints.span(token.startOffset, token.startOffset + 2), { isDocstring: false }, { fixes }),
    span,
  );
}

/** Whether a line begins with three quotes: an empty string and the start of another. */
function isDocstring(tokens: readonly SourceToken[], i: number): boolean {
  const [token, next] = [tokens[i], tokens[i + 1]];
  return (
    token !== undefined && token.indent >= 0 && token.image === '""' && next?.startOffset === endOf(token) && next.image.startsWith('"')
  );
}

/** Returns the number of the first token after the docstring. */
function docstring(tokens: readonly SourceToken[], i: number, text: string, complaints: Complaints): number {
  const token = tokens[i] as SourceToken; // the caller's `i` is in range
  const close = text.indexOf('"""', token.startOffset + 3);
  const end = close < 0 ? text.length : close + 3;
  const indent = ' '.repeat(token.indent);
  const lines = text
    .slice(token.startOffset + 3, end - 3)
    .split(/\r\n|\r|\n/)
    .map((line) => `# ${line.trim()}`.trimEnd())
    .filter((line, k, all) => line !== '#' || (k > 0 && k < all.length - 1));
  const span = complaints.span(token.startOffset, end);
  const fixes = close < 0 ? [] : [{ title: 'write `#` comments', edits: [{ span, text: lines.join(`\n${indent}`) || '#' }] }];
  complaints.add(
    diagnostic('block-comment', complaints.span(token.startOffset, token.startOffset + 3), { isDocstring: true }, { fixes }),
    span,
  );
  let at = i;
  while (at < tokens.length - 1 && (tokens[at]?.startOffset ?? end) < end) at++;
  return at;
}
