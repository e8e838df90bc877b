import { tokenMatcher } from 'chevrotain';
import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { diagnostic } from '../../diagnostics/diagnostic.js';
import type { Complaints } from '../complaints.js';
import { endsInBraces } from '../strings.js';
import { endOf, retyped, supplied } from './token-kinds.js';

/** Reads `'...'` as a string, closes a string that is not closed on its line, and reports one that a quote inside `{ }` ends. */
export function repairStrings(tokens: readonly SourceToken[], complaints: Complaints): readonly SourceToken[] {
  for (let i = 0; i < tokens.length; i++) if (isCutShort(tokens[i], tokens[i + 1])) i = reportQuote(tokens, i, complaints);
  if (tokens.every((token) => token.tokenType !== T.QuotedStr && (token.tokenType !== T.Str || isClosed(token.image)))) return tokens;
  return tokens.flatMap((token): SourceToken | SourceToken[] => {
    if (token.tokenType === T.QuotedStr) return singleQuoted(token, complaints);
    return token.tokenType === T.Str && !isClosed(token.image) ? unterminated(token, complaints) : token;
  });
}

/** `"k{` before `a"}"`: text follows the quote at once. */
function isCutShort(token: SourceToken | undefined, next: SourceToken | undefined): boolean {
  if (token?.tokenType !== T.Str || next === undefined || next.startOffset !== endOf(token)) return false;
  return [T.Str, T.Num, T.Id, T.HardKeyword].some((type) => tokenMatcher(next, type)) && endsInBraces(token.image);
}

/** What the parser finds in the rest of the line is not a mistake of its own. Gives the place of the last token of the line. */
function reportQuote(tokens: readonly SourceToken[], at: number, complaints: Complaints): number {
  const token = tokens[at] as SourceToken; // the caller has it
  let last = at;
  while (last + 1 < tokens.length && !((tokens[last + 1] as SourceToken).indent >= 0)) last++;
  const quote = complaints.span(endOf(token) - 1, endOf(token));
  complaints.add(diagnostic('bad-interpolation', quote, { problem: 'quote' }), {
    start: token.startOffset,
    end: endOf(tokens[last] as SourceToken),
  });
  return last;
}

/** Whether the last quote is present and not escaped. */
function isClosed(image: string): boolean {
  if (image.length < 2 || !image.endsWith('"')) return false;
  let backslashes = 0;
  while (image.charAt(image.length - 2 - backslashes) === '\\') backslashes++;
  return backslashes % 2 === 0;
}

function singleQuoted(token: SourceToken, complaints: Complaints): SourceToken {
  const inner = token.image.slice(1, -1).replaceAll("\\'", "'");
  const span = complaints.span(token.startOffset, endOf(token));
  const fixes = inner.includes('"') ? [] : [{ title: 'write `"`', edits: [{ span, text: `"${inner}"` }] }];
  complaints.add(diagnostic('single-quotes', span, {}, { fixes }), span);
  return retyped(token, T.Str, `"${token.image.slice(1, -1).replaceAll('"', "'")}"`);
}

/** The brackets and commas at the end of the line were most likely meant to follow the quote. */
function unterminated(token: SourceToken, complaints: Complaints): SourceToken[] {
  const text = token.image.trimEnd();
  const tail = /[)\]},]*$/.exec(text.slice(1))?.[0] ?? '';
  const end = token.startOffset + text.length - tail.length;
  const edits = [{ span: complaints.span(end, end), text: '"' }];
  const d = diagnostic(
    'unterminated-string',
    complaints.span(token.startOffset, end),
    {},
    { fixes: [{ title: 'close the string', edits }] },
  );
  complaints.add(d, { start: token.startOffset, end: endOf(token) });
  const string = { ...retyped(token, T.Str, text.slice(0, text.length - tail.length)), endOffset: end - 1 };
  const types = { ')': T.RParen, ']': T.RBracket, '}': T.RBrace, ',': T.Comma };
  return [
    string,
    ...[...tail].map((c, i): SourceToken => {
      const type = types[c as keyof typeof types]; // the pattern above allows nothing else
      return { ...supplied(type, string), startOffset: end + i, endOffset: end + i };
    }),
  ];
}
