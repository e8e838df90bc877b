import type { TokenType } from 'chevrotain';
import type { SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';
import { beginsOperand, closerOf, endsOperand, isCloser, isWord } from '../../1-syntax/repair/token-kinds.js';
import { before, type Cursor, onLine, startsLine } from './cursor.js';
import { openingOf, startOfItem } from './frames.js';

/** Tokens after which, or before which, a line break does not end a statement. */
const goesOn: ReadonlySet<TokenType> = new Set([
  T.Arrow,
  T.Eq,
  T.Comma,
  T.Plus,
  T.Minus,
  T.Star,
  T.Slash,
  T.SlashSlash,
  T.Percent,
  T.At,
  T.And,
  T.Or,
  T.AndAnd,
  T.OrOr,
  T.EqEq,
  T.NotEq,
  T.Less,
  T.LessEq,
  T.Greater,
  T.GreaterEq,
  T.DotDot,
  T.StarStar,
  T.hard.as,
  T.hard.in,
  T.Dot,
  T.Colon,
]);

/** Whether a statement goes on after the line break between two tokens. */
export function continues(previous: SourceToken | undefined, next: SourceToken | undefined): boolean {
  return (
    (previous !== undefined && goesOn.has(previous.tokenType)) || (next !== undefined && next.image !== '' && goesOn.has(next.tokenType))
  );
}

/** The number of the first token of the statement, clause or declaration around the cursor. */
export function statementStart({ tokens, count, frames }: Cursor): number {
  const brace = frames.findLast(({ token }) => token.tokenType === T.LBrace);
  const from = brace === undefined ? (startOfItem(tokens, count) ?? count) : brace.at + 1;
  let start = from;
  let depth = 0;
  for (let i = from; i < count; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    const isLine = token.indent >= 0 && depth === 0 && i > from && !continues(tokens[i - 1], token);
    if (isLine && token.tokenType !== T.soft.named && token.tokenType !== T.LBrace) start = i;
    else if (tokens[i - 1]?.tokenType === T.RBrace && depth === 0 && token.indent >= 0) start = i;
    if (closerOf.has(token.tokenType)) depth++;
    else if (isCloser(token)) depth--;
  }
  return start;
}

/** Whether a statement can begin at the word. */
export function isStatementStart(cursor: Cursor): boolean {
  const frame = cursor.frames.at(-1);
  if (frame === undefined || frame.token.tokenType !== T.LBrace) return false;
  const previous = before(cursor);
  if (previous === frame.token) return true;
  return startsLine(cursor) && !continues(previous, undefined) && !goesOnAfterWord(cursor);
}

/** Whether the word is empty and what follows it continues the line before. */
function goesOnAfterWord(cursor: Cursor): boolean {
  const next = onLine(cursor);
  return cursor.word.text === '' && next !== undefined && goesOn.has(next.tokenType);
}

/** Whether what is on the line after the word cannot follow anything that is inserted. */
export function isBlocked(cursor: Cursor): boolean {
  const next = onLine(cursor);
  if (next === undefined) return false;
  if (startsLine(cursor) && goesOnAfterWord(cursor)) return true;
  const own = cursor.tokens[cursor.count];
  if (own?.startOffset === cursor.word.start && own.tokenType !== T.hard.Tensor && isReserved(own))
    return next.tokenType !== T.Comma && !isCloser(next);
  const touches = next.startOffset === cursor.word.end;
  const isKeyword = cursor.word.text !== '' && isKeywordHere(cursor);
  if (cursor.word.text !== '' && !isKeyword) return false;
  return beginsOperand(next) ? !touches || next.tokenType !== T.LBrace : isWordLike(next);
}

/** Whether a token is a reserved word that is not a value. */
function isReserved({ tokenType }: SourceToken): boolean {
  return Object.values(T.hard).includes(tokenType) && ![T.hard.true, T.hard.false, T.hard.none, T.hard.Tensor].includes(tokenType);
}

function isWordLike({ image }: SourceToken): boolean {
  return /^\w/.test(image);
}

/** Whether the word is a complete word of the language, and something follows on its line that belongs to it. */
function isKeywordHere({ word, tokens, count }: Cursor): boolean {
  const token = tokens[count];
  return token !== undefined && token.startOffset === word.start && (!isWord(token) || isSoftKeyword(token)) && /^[A-Za-z]/.test(word.text);
}

export function isSoftKeyword({ tokenType }: SourceToken): boolean {
  return Object.values(T.soft).includes(tokenType);
}

/** Whether the arrow with this number is that of a result: `layer L(x: Tensor[N]) -> Tensor[N]`. */
export function isResultArrow(tokens: readonly SourceToken[], arrow: number): boolean {
  let i = arrow - 1;
  for (let lists = 0; tokens[i]?.tokenType === T.RParen && lists < 2; lists++) {
    const open = openingOf(tokens, i);
    if (open === undefined) return false;
    i = open - 1;
  }
  if (i === arrow - 1) return false;
  const declares = tokens[i - 1]?.tokenType;
  return isWord(tokens[i]) && declares !== undefined && [T.hard.layer, T.hard.model, T.hard.fn, T.soft.entry].includes(declares);
}

/** Whether an operand ends directly before the word, so that only an operator or a word that goes on can follow. */
export function isAfterOperand(cursor: Cursor): boolean {
  const previous = before(cursor);
  return (
    endsOperand(previous) && !isWordBeforeOperand(cursor) && (!startsLine(cursor) || cursor.frames.at(-1)?.token.tokenType !== T.LBrace)
  );
}

/** Whether the token before the word is a word of the language after which an operand follows. */
function isWordBeforeOperand(cursor: Cursor): boolean {
  const { tokens, count, head } = cursor;
  const previous = before(cursor);
  if (previous === undefined) return false;
  const first = tokens[statementStart(cursor)];
  switch (previous.tokenType) {
    case T.soft.where:
      return true;
    case T.soft.assert:
      return previous === first;
    case T.soft.over:
    case T.soft.axis:
      return first?.tokenType === T.soft.scan && previous !== first;
    case T.soft.frozen:
      return head?.tokenType === T.soft.train && tokens[count - 2]?.tokenType === T.Eq;
    case T.soft.cond:
      return tokens[count - 2]?.tokenType !== T.Dot && previous !== first;
    case T.soft.by:
      return cursor.frames.at(-1)?.role === 'index';
    default:
      return false;
  }
}

/** Words that are followed by a new name. */
export const beforeNames: ReadonlySet<TokenType> = new Set([
  T.hard.for,
  T.hard.let,
  T.hard.fn,
  T.hard.layer,
  T.hard.model,
  T.hard.param,
  T.hard.buffer,
  T.hard.else,
  T.hard.import,
  T.hard.from,
]);
