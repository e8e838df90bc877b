import { type IToken, type TokenType, tokenMatcher } from 'chevrotain';
import { insertedToken, type SourceToken } from '../../../grammar/source-token.js';
import { T } from '../../../grammar/tokens.js';

/** The closing bracket of each opening one. */
export const closerOf: ReadonlyMap<TokenType, TokenType> = new Map([
  [T.LParen, T.RParen],
  [T.LBracket, T.RBracket],
  [T.LBrace, T.RBrace],
]);

export function isCloser(token: IToken): boolean {
  const type = token.tokenType;
  return type === T.RParen || type === T.RBracket || type === T.RBrace;
}

/** How many tokens a repair looks ahead, so that repairing takes time in proportion to the text. */
export const farthest = 1000;

/** A name, including soft keywords. */
export function isWord(token: IToken | undefined): boolean {
  return token !== undefined && tokenMatcher(token, T.Id);
}

/** Whether an expression can end here. */
export function endsOperand(token: IToken | undefined): boolean {
  if (token === undefined) return false;
  const type = token.tokenType;
  if (type === T.Num || type === T.Str || type === T.QuotedStr || type === T.RParen || type === T.RBracket || type === T.Question)
    return true;
  return type === T.hard.true || type === T.hard.false || type === T.hard.none || isWord(token);
}

/** Whether an expression can begin here. */
export function beginsOperand(token: IToken | undefined): boolean {
  if (token === undefined) return false;
  const type = token.tokenType;
  if (type === T.Num || type === T.Str || type === T.QuotedStr || type === T.LParen || type === T.LBracket) return true;
  return type === T.hard.true || type === T.hard.false || type === T.hard.none || type === T.Minus || type === T.Not || isWord(token);
}

/** Whether a declaration that is only allowed at the top of a file begins at `tokens[i]`. */
export function beginsDeclaration(tokens: readonly SourceToken[], i: number): boolean {
  const token = tokens[i];
  if (token === undefined || token.indent < 0) return false;
  const type = token.tokenType;
  const following = tokens[i + 1];
  if (type === T.hard.import) return following?.tokenType === T.LBrace;
  if (type === T.soft.train) return isWord(following) && tokens[i + 2]?.tokenType === T.hard.for;
  return (type === T.hard.fn || type === T.hard.layer || type === T.hard.model) && isWord(following);
}

export function endOf(token: IToken | undefined): number {
  return token === undefined ? 0 : (token.endOffset ?? token.startOffset) + 1;
}

/** The token read as another kind, in the same place. */
export function retyped(token: SourceToken, type: TokenType, image = token.image): SourceToken {
  return { ...token, tokenType: type, tokenTypeIdx: type.tokenTypeIdx ?? 0, image };
}

/** A token inserted right after `before`. */
export function supplied(type: TokenType, before: IToken | undefined): SourceToken {
  return insertedToken(type, type.LABEL ?? '', endOf(before), 0);
}

/** Which tokens begin a line that can be a statement: one that is not between round or square brackets. */
export function statementStarts(tokens: readonly SourceToken[]): readonly boolean[] {
  const open: TokenType[] = [];
  return tokens.map((token) => {
    const starts = token.indent >= 0 && (open.length === 0 || open.at(-1) === T.LBrace);
    if (closerOf.has(token.tokenType)) open.push(token.tokenType);
    else if (isCloser(token)) open.pop();
    return starts;
  });
}
