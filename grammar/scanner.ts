import type { IToken, TokenType } from 'chevrotain';
import { keywordKinds, symbolKinds, T } from './tokens.js';

/** What a text consists of. White space is left out. */
export interface Tokens {
  readonly tokens: readonly Token[];
  /** `#` and `##` comments in source order. */
  readonly comments: readonly IToken[];
  /** Runs of characters that begin no token, in source order. */
  readonly errors: readonly { readonly offset: number; readonly text: string }[];
}

export interface Token extends IToken {
  readonly endOffset: number;
}

/**
 * Takes a text apart. Chevrotain can make a lexer, too, from a regular expression for each kind of token, but it takes longer to make it than to read a file.
 * Runs in time linear in the text. Offsets are those in `text`; lines are found from the text when a person wants to see them.
 */
export function tokenize(text: string): Tokens {
  const tokens: Token[] = [];
  const comments: IToken[] = [];
  const errors: { offset: number; text: string }[] = [];
  let stray = -1;
  // An apostrophe that nothing closes on its line: those behind it are escaped, and nothing closes them, either.
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

/** The token that begins at `at`, if one does. */
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
  return { image, startOffset, endOffset: startOffset + image.length - 1, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx ?? 0 };
}

/** The offset of the first character from `at` on that does not belong. */
function skip(text: string, at: number, belongs: (code: number) => boolean): number {
  let end = at;
  while (end < text.length && belongs(text.charCodeAt(end))) end++;
  return end;
}

/** `1_000.5e-3`: a dot and an exponent belong to a number only with a digit behind them. */
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
