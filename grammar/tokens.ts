import { createToken, Lexer, type TokenType } from 'chevrotain';

/**
 * The vocabulary of the language. Every pattern runs in time linear in the text: strings and block comments, which could make a
 * backtracking engine work hard, are scanned by hand.
 */

/** A word that is not reserved. Every soft keyword is also an `Id`. */
const Id = createToken({ name: 'Id', pattern: /[A-Za-z_][A-Za-z0-9_]*/ });
/** The category of the reserved words. */
const HardKeyword = createToken({ name: 'HardKeyword', pattern: Lexer.NA });

// biome-ignore format: a table
const hardWords = [
  'import', 'from', 'let', 'fn', 'layer', 'model', 'for', 'in', 'if', 'else', 'return', 'as', 'param', 'buffer',
  'true', 'false', 'Tensor',
] as const;
// biome-ignore format: a table
const softWords = [
  'state', 'next', 'scan', 'over', 'carry', 'emit', 'named', 'on', 'with', 'entry', 'input', 'axis', 'by', 'train', 'freeze',
  'lora', 'optimizer', 'loss', 'metric', 'assert', 'where', 'config',
] as const;

/** Words that cannot be names. */
export const hardKeywords: readonly string[] = hardWords;
/** Words that mean something in one place only and are names everywhere else. */
export const softKeywords: readonly string[] = softWords;

function keywords<W extends string>(words: readonly W[], category: TokenType): Readonly<Record<W, TokenType>> {
  const made = words.map((word) => [
    word,
    createToken({ name: `K_${word}`, label: word, pattern: word, longer_alt: Id, categories: [category] }),
  ]);
  // `fromEntries` forgets the keys, which are exactly `words`.
  return Object.fromEntries(made) as Record<W, TokenType>;
}

const hard = keywords(hardWords, HardKeyword);
const soft = keywords(softWords, Id);

function symbol(name: string, text: string): TokenType {
  return createToken({ name, pattern: text, label: text });
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
  /** `+=` and its like, which the language does not have. */
  OpEq: createToken({ name: 'OpEq', pattern: /[-+*/%@]=/ }),
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

const Num = createToken({ name: 'Num', pattern: /\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?/ });

/** `"..."` on one line; without its closing quote it reaches to the end of the line. */
const Str = createToken({
  name: 'Str',
  pattern: { exec: (text: string, from: number) => (text.charAt(from) === '"' ? match(text.slice(from, endOfString(text, from))) : null) },
  start_chars_hint: ['"'],
  line_breaks: false,
});

/** `'...'`, which is not a string here; a lone apostrophe is not even that. */
const QuotedStr = createToken({
  name: 'QuotedStr',
  pattern: {
    exec: (text: string, from: number) => {
      if (text.charAt(from) !== "'") return null;
      const end = endOfString(text, from);
      return end - from > 1 && text.charAt(end - 1) === "'" ? match(text.slice(from, end)) : null;
    },
  },
  start_chars_hint: ["'"],
  line_breaks: false,
});

/** A C-style comment, which the language does not have; it ends at the end of the file if it is never closed. */
const BlockComment = createToken({
  name: 'BlockComment',
  pattern: {
    exec: (text: string, from: number) => {
      if (text.charAt(from) !== '/' || text.charAt(from + 1) !== '*') return null;
      const close = text.indexOf('*/', from + 2);
      return match(close < 0 ? text.slice(from) : text.slice(from, close + 2));
    },
  },
  start_chars_hint: ['/'],
  line_breaks: true,
});

const Space = createToken({ name: 'Space', pattern: /[ \t\r\n\uFEFF]+/, group: Lexer.SKIPPED, line_breaks: true });
const Doc = createToken({ name: 'Doc', pattern: /##[^\r\n]*/, group: 'comments' });
const Comment = createToken({ name: 'Comment', pattern: /#[^\r\n]*/, group: 'comments' });

function match(text: string): [string] {
  return [text];
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

/** Every kind of token by name: symbols, `Id`, `Num`, `Str`, and the keywords under `hard` and `soft`. */
export const T = { ...symbols, Id, HardKeyword, Num, Str, QuotedStr, BlockComment, Space, Doc, Comment, hard, soft };

/** `input` before `in`, which is its beginning. */
function longestFirst(words: TokenType[]): TokenType[] {
  return words.sort((a, b) => b.name.length - a.name.length);
}

/** All kinds, in the order in which the lexer tries them. */
export const vocabulary: readonly TokenType[] = [
  Space,
  Doc,
  Comment,
  BlockComment,
  ...longestFirst([...Object.values<TokenType>(hard), ...Object.values<TokenType>(soft)]),
  Id,
  HardKeyword,
  Num,
  Str,
  QuotedStr,
  ...Object.values(symbols),
];

/**
 * A lexer for the vocabulary. It records offsets only: lines are found from the text when a person wants to see them. The vocabulary
 * itself is checked by a test, with `checksVocabulary`.
 */
export function createLexer(checksVocabulary = false): Lexer {
  return new Lexer([...vocabulary], {
    positionTracking: 'onlyOffset',
    ensureOptimizations: checksVocabulary,
    skipValidations: !checksVocabulary,
  });
}
