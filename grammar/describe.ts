import { EOF, type IToken, type TokenType, tokenMatcher } from 'chevrotain';
import { T } from './tokens.js';

const longest = 40;

/** How a message names what was found: `the name \`foo\``, `the end of the file`. */
export function describeToken(token: IToken): string {
  if (token.tokenType === EOF) return 'the end of the file';
  const text = token.image.length > longest ? `${token.image.slice(0, longest)}...` : token.image;
  if (tokenMatcher(token, T.Num)) return `the number \`${text}\``;
  if (tokenMatcher(token, T.Str)) return 'a string';
  if (tokenMatcher(token, T.Id)) return `the name \`${text}\``;
  if (tokenMatcher(token, T.HardKeyword)) return `the keyword \`${text}\``;
  return `\`${text}\``;
}

/** How a message names what was expected. */
export function describeType(type: TokenType): string {
  if (type === T.Id) return 'a name';
  if (type === T.Str) return 'a string';
  if (type === T.Num) return 'a number';
  if (type === EOF) return 'the end of the file';
  return `\`${type.LABEL ?? type.name}\``;
}
