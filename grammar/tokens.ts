import { createToken, type TokenType } from 'chevrotain';
import { hardWords, softWords } from './words.js';

/** The vocabulary of the language: the kinds of tokens, of which the parser knows only the names. `scanner.ts` finds them in a text. */

/** A word that is not reserved: `[A-Za-z_][A-Za-z0-9_]*`. Every soft keyword is also an `Id`. */
const Id = createToken({ name: 'Id' });
/** The category of the reserved words. */
const HardKeyword = createToken({ name: 'HardKeyword' });

/** Words that cannot be names. */
export const hardKeywords: readonly string[] = hardWords;
/** Words that have a meaning in one place only and are names everywhere else. */
export const softKeywords: readonly string[] = softWords;

function keywords<W extends string>(words: readonly W[], category: TokenType): Readonly<Record<W, TokenType>> {
  const made = words.map((word) => [word, createToken({ name: `K_${word}`, label: word, categories: [category] })]);
  // `fromEntries` loses the keys, which are exactly `words`.
  return Object.fromEntries(made) as Record<W, TokenType>;
}

const hard = keywords(hardWords, HardKeyword);
const soft = keywords(softWords, Id);

/** A symbol is labeled with its text. */
function symbol(name: string, text: string): TokenType {
  return createToken({ name, label: text });
}

const symbols = {
  Arrow: symbol('Arrow', '->'),
  FatArrow: symbol('FatArrow', '=>'),
  ColonEq: symbol('ColonEq', ':='),
  EqEq: symbol('EqEq', '=='),
  NotEq: symbol('NotEq', '!='),
  LessEq: symbol('LessEq', '<='),
  GreaterEq: symbol('GreaterEq', '>='),
  AndAnd: symbol('AndAnd', '&&'),
  OrOr: symbol('OrOr', '||'),
  DotDot: symbol('DotDot', '..'),
  SlashSlash: symbol('SlashSlash', '//'),
  StarStar: symbol('StarStar', '**'),
  Eq: symbol('Eq', '='),
  Less: symbol('Less', '<'),
  Greater: symbol('Greater', '>'),
  And: symbol('And', '&'),
  Or: symbol('Or', '|'),
  Not: symbol('Not', '!'),
  Plus: symbol('Plus', '+'),
  Minus: symbol('Minus', '-'),
  Star: symbol('Star', '*'),
  Slash: symbol('Slash', '/'),
  Percent: symbol('Percent', '%'),
  At: symbol('At', '@'),
  LParen: symbol('LParen', '('),
  RParen: symbol('RParen', ')'),
  LBracket: symbol('LBracket', '['),
  RBracket: symbol('RBracket', ']'),
  LBrace: symbol('LBrace', '{'),
  RBrace: symbol('RBrace', '}'),
  Comma: symbol('Comma', ','),
  Colon: symbol('Colon', ':'),
  Semicolon: symbol('Semicolon', ';'),
  Question: symbol('Question', '?'),
  Dot: symbol('Dot', '.'),
};

/** `+=` and similar operators, which the language does not have. */
const OpEq = createToken({ name: 'OpEq' });

/** `12`, `1_000`, `0.5`, `1e-5` */
const Num = createToken({ name: 'Num' });

/** `"..."` on one line; without its closing quote it extends to the end of the line. */
const Str = createToken({ name: 'Str' });

/** `'...'`, which is not a string here; a lone apostrophe is not even that. */
const QuotedStr = createToken({ name: 'QuotedStr' });

/** A C-style comment, which the language does not have; it ends at the end of the file if it is never closed. */
const BlockComment = createToken({ name: 'BlockComment' });

/** `##` documents the next declaration. */
const Doc = createToken({ name: 'Doc' });
const Comment = createToken({ name: 'Comment' });

/** Every kind of token by name: symbols, `Id`, `Num`, `Str`, and the keywords under `hard` and `soft`. */
export const T = { ...symbols, Id, HardKeyword, Num, Str, QuotedStr, BlockComment, Doc, Comment, OpEq, hard, soft };

/** The keywords by their text. */
export const keywordKinds: ReadonlyMap<string, TokenType> = new Map(Object.entries<TokenType>({ ...hard, ...soft }));

/** The symbols by their text. */
export const symbolKinds: ReadonlyMap<string, TokenType> = new Map(Object.values(symbols).map((kind) => [kind.LABEL ?? '', kind]));

/** All kinds. */
export const vocabulary: readonly TokenType[] = [
  Doc,
  Comment,
  BlockComment,
  ...keywordKinds.values(),
  Id,
  HardKeyword,
  Num,
  Str,
  QuotedStr,
  OpEq,
  ...symbolKinds.values(),
];
