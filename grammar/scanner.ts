import type { IToken, TokenType } from 'chevrotain';
import type { SourceToken } from './source-token.js';
import { keywordKinds, symbolKinds, T } from './tokens.js';

/** The tokens and comments of a text, without white space. */
export interface Tokens {
  readonly tokens: Token[];
  /** `#` and `##` comments in source order. */
  readonly comments: readonly IToken[];
  /** Runs of characters that begin no token, in source order. */
  readonly errors: readonly { readonly offset: number; readonly text: string }[];
}

/** What it says about the layout is filled in by `scan`. */
export interface Token extends SourceToken {
  endOffset: number;
}

/**
 * Splits a text into tokens. Chevrotain can also make a lexer, from a regular expression for each kind of token, but making it takes longer
 * than reading a file. Runs in time linear in the text. Offsets are those in `text`; lines are computed from the text only for messages.
 */
export function tokenize(text: string): Tokens {
  const tokens: Token[] = [];
  const comments: IToken[] = [];
  const errors: { offset: number; text: string }[] = [];
  let stray = -1;
  // An apostrophe that nothing closes on its line: those after it are escaped, and nothing closes them, either.
  let openUntil = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    const end = isSpace(code) ? at + 1 : -1;
    const token = end >= 0 || (code === apostrophe && at < openUntil) ? undefined : tokenAt(text, at);
    if (token === undefined && code === apostrophe && at >= openUntil) openUntil = endOfString(text, at);
    if (stray >= 0 && (end >= 0 || token !== undefined)) {
      errors.push({ offset: stray, text: text.slice(stray, at) });
      stray = -1;
    }
    if (token !== undefined) {
      (token.tokenType === T.Comment || token.tokenType === T.Doc ? comments : tokens).push(token);
      at = token.endOffset + 1;
    } else if (end >= 0) at = end;
    else {
      if (stray < 0) stray = at;
      at++;
    }
  }
  if (stray >= 0) errors.push({ offset: stray, text: text.slice(stray) });
  return { tokens, comments, errors };
}

const apostrophe = 39;

/** The token that begins at `at`, if any. */
function tokenAt(text: string, at: number): Token | undefined {
  const code = text.charCodeAt(at);
  if (isLetter(code)) {
    const image = text.slice(at, skip(text, at, isWordPart));
    return token(keywordKinds.get(image) ?? T.Id, at, image);
  }
  if (isDigit(code)) return token(T.Num, at, text.slice(at, endOfNumber(text, at)));
  const pair = text.slice(at, at + 2);
  switch (code) {
    case 34: // "
      return token(T.Str, at, text.slice(at, endOfString(text, at)));
    case 35: // #
      return token(pair === '##' ? T.Doc : T.Comment, at, text.slice(at, skip(text, at, isInLine)));
    case apostrophe:
      return quoted(text, at);
  }
  if (pair === '/*') {
    const close = text.indexOf('*/', at + 2);
    return token(T.BlockComment, at, close < 0 ? text.slice(at) : text.slice(at, close + 2));
  }
  if (pair.length === 2 && pair.endsWith('=') && '-+*/%@'.includes(pair.charAt(0))) return token(T.OpEq, at, pair);
  const two = symbolKinds.get(pair);
  if (two !== undefined) return token(two, at, pair);
  const one = symbolKinds.get(pair.charAt(0));
  return one === undefined ? undefined : token(one, at, pair.charAt(0));
}

function quoted(text: string, at: number): Token | undefined {
  const end = endOfString(text, at);
  return end - at > 1 && text.charAt(end - 1) === "'" ? token(T.QuotedStr, at, text.slice(at, end)) : undefined;
}

function token(tokenType: TokenType, startOffset: number, image: string): Token {
  const endOffset = startOffset + image.length - 1;
  return { image, startOffset, endOffset, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx ?? 0, indent: -1, depth: 0 };
}

/** The offset of the first character at or after `at` that does not belong. */
function skip(text: string, at: number, belongs: (code: number) => boolean): number {
  let end = at;
  while (end < text.length && belongs(text.charCodeAt(end))) end++;
  return end;
}

/** `1_000.5e-3`: a dot and an exponent belong to a number only if a digit follows. */
function endOfNumber(text: string, at: number): number {
  let end = skip(text, at, isDigitOrLine);
  if (text.charAt(end) === '.' && isDigit(text.charCodeAt(end + 1))) end = skip(text, end + 1, isDigitOrLine);
  if (!'eE'.includes(text.charAt(end) || ' ')) return end;
  const exponent = '+-'.includes(text.charAt(end + 1) || ' ') ? end + 2 : end + 1;
  return isDigit(text.charCodeAt(exponent)) ? skip(text, exponent, isDigit) : end;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isDigitOrLine(code: number): boolean {
  return isDigit(code) || code === 95;
}

function isWordPart(code: number): boolean {
  return isLetter(code) || isDigit(code);
}

function isInLine(code: number): boolean {
  return code !== 10 && code !== 13;
}

/** A blank, a tab, the ends of a line, or the mark at the beginning of some files. */
function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9 || code === 0xfeff;
}

/** The offset after the string that starts at `from`: after its closing quote, or at the end of its line. */
function endOfString(text: string, from: number): number {
  const quote = text.charCodeAt(from);
  let at = from + 1;
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 10 || c === 13) return at;
    if (c === quote) return at + 1;
    if (c === 92 && at + 1 < text.length && text.charCodeAt(at + 1) !== 10 && text.charCodeAt(at + 1) !== 13) at++;
  }
  return Math.min(at, text.length);
}
