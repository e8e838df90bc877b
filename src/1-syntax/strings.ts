import type { Code, ParamsOf } from '../diagnostics/catalog.js';
import type { Span } from '../diagnostics/span.js';
import type { Expr, StringExpr } from './ast.js';

export interface StringReader {
  readonly span: (start: number, end: number) => Span;
  /** Parses the expression whose text is at `start..end` of the file. */
  readonly expression: (start: number, end: number) => Expr;
  readonly complain: <C extends Code>(code: C, start: number, end: number, params: ParamsOf<C>) => void;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\\': '\\', '{': '{', '}': '}' };

/** The text and the interpolated expressions of a string literal whose opening quote is at `offset`. */
export function stringParts(literal: string, offset: number, reader: StringReader): StringExpr['parts'] {
  const closed = literal.length > 1 && literal.endsWith(literal.charAt(0));
  const end = closed ? literal.length - 1 : literal.length;
  const parts: (string | Expr)[] = [];
  let text = '';
  let at = 1;
  while (at < end) {
    const c = literal.charAt(at);
    if (c === '\\') {
      const letter = literal.charAt(at + 1);
      const resolved = escapes[letter];
      if (resolved === undefined)
        reader.complain('bad-escape', offset + at, offset + Math.min(at + 2, end), { escape: literal.slice(at, at + 2) });
      text += resolved ?? letter;
      at += 2;
    } else if (c === '{') {
      const close = closingBrace(literal, at, end);
      if (close === undefined) {
        reader.complain('bad-interpolation', offset + at, offset + at + 1, { problem: 'unclosed' });
        at = end;
      } else {
        if (text !== '') parts.push(text);
        text = '';
        parts.push(interpolated(literal.slice(at + 1, close), offset + at, reader));
        at = close + 1;
      }
    } else {
      text += c;
      at++;
    }
  }
  if (text !== '') parts.push(text);
  return parts;
}

/** The place of the `}` that closes the `{` at `open`, before `end`: the braces of an `if` may be between them. */
function closingBrace(literal: string, open: number, end: number): number | undefined {
  let depth = 0;
  for (let at = open; at < end; at++) {
    const c = literal.charAt(at);
    if (c === '{') depth++;
    if (c === '}') depth--;
    if (depth === 0) return at;
  }
  return undefined;
}

/** Whether a string ends inside `{ }`: most likely a quote was meant to be part of what is between the braces. */
export function endsInBraces(literal: string): boolean {
  for (let at = 1; at < literal.length; at++) {
    const c = literal.charAt(at);
    if (c === '\\') at++;
    if (c !== '{') continue;
    const close = closingBrace(literal, at, literal.length);
    if (close === undefined) return true;
    at = close;
  }
  return false;
}

function interpolated(source: string, brace: number, reader: StringReader): Expr {
  if (source.trim() !== '') return reader.expression(brace + 1, brace + 1 + source.length);
  reader.complain('bad-interpolation', brace, brace + source.length + 2, { problem: 'empty' });
  return { kind: 'error', span: reader.span(brace, brace + source.length + 2) };
}
