import { EOF, type IToken, type TokenType } from 'chevrotain';

/** A token as the parser sees it: what the grammar needs to know about the layout is on the token itself. */
export interface SourceToken extends IToken {
  /** The column (from 0) of a token that is the first of its line, else -1. */
  indent: number;
  /** How many brackets are open around it; a closing bracket counts like its opening one. */
  depth: number;
}

/** A token that is not in the text: inserted where the repair pass supplies what the author forgot. Its span is empty. */
export function insertedToken(tokenType: TokenType, image: string, offset: number, depth: number): SourceToken {
  return {
    image,
    startOffset: offset,
    endOffset: offset - 1,
    tokenType,
    tokenTypeIdx: tokenType.tokenTypeIdx ?? 0,
    indent: -1,
    depth,
  };
}

/** The token after the last one. */
export function endToken(length: number): SourceToken {
  return {
    image: '',
    startOffset: length,
    endOffset: length - 1,
    tokenType: EOF,
    tokenTypeIdx: EOF.tokenTypeIdx ?? 1,
    indent: 0,
    depth: 0,
  };
}
