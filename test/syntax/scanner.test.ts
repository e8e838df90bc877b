import { createToken, Lexer } from 'chevrotain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenize } from '../../grammar/scanner.js';
import { hardKeywords, softKeywords, symbolKinds } from '../../grammar/tokens.js';
import { examples, samples } from './corpus.js';

/** The words of the language as regular expressions, from which Chevrotain makes a lexer: the same rules, written a second time. */
const id = createToken({ name: 'Id', pattern: /[A-Za-z_][A-Za-z0-9_]*/ });
const symbols = [...symbolKinds.keys()].map((text) => createToken({ name: symbolKinds.get(text)?.name ?? '', pattern: text }));
const oracle = new Lexer(
  [
    createToken({ name: 'Space', pattern: /[ \t\r\n\uFEFF]+/, group: Lexer.SKIPPED, line_breaks: true }),
    createToken({ name: 'Doc', pattern: /##[^\r\n]*/, group: 'comments' }),
    createToken({ name: 'Comment', pattern: /#[^\r\n]*/, group: 'comments' }),
    createToken({ name: 'BlockComment', pattern: /\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))/, line_breaks: true }),
    ...[...hardKeywords, ...softKeywords]
      .sort((a, b) => b.length - a.length)
      .map((word) => createToken({ name: `K_${word}`, pattern: word, longer_alt: id })),
    id,
    createToken({ name: 'Num', pattern: /\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?/ }),
    createToken({ name: 'Str', pattern: /"(?:\\(?![\r\n])[\s\S]|[^"\\\r\n]|\\(?=[\r\n])|\\$(?![\s\S]))*(?:"|(?=[\r\n])|$(?![\s\S]))/ }),
    createToken({ name: 'QuotedStr', pattern: /'(?:\\(?![\r\n])[\s\S]|[^'\\\r\n])*(?:'|\\'(?=[\r\n]|$(?![\s\S])))/ }),
    createToken({ name: 'OpEq', pattern: /[-+*/%@]=/ }),
    ...symbols.sort((a, b) => String(b.PATTERN).length - String(a.PATTERN).length),
  ],
  { positionTracking: 'onlyOffset', ensureOptimizations: false, skipValidations: true },
);

interface Words {
  readonly tokens: readonly { readonly image: string; readonly startOffset: number; readonly tokenType: { readonly name: string } }[];
}

const words = ({ tokens }: Words) => tokens.map(({ image, startOffset, tokenType }) => `${startOffset} ${tokenType.name} ${image}`);

function expectSame(text: string): void {
  const { tokens, groups, errors } = oracle.tokenize(text);
  const scanned = tokenize(text);
  expect(words(scanned)).toEqual(words({ tokens }));
  expect(words({ tokens: scanned.comments })).toEqual(words({ tokens: groups.comments ?? [] }));
  expect(scanned.errors).toEqual(errors.map(({ offset, length }) => ({ offset, text: text.slice(offset, offset + length) })));
  for (const { image, startOffset, endOffset } of scanned.tokens) expect(text.slice(startOffset, endOffset + 1)).toBe(image);
}

describe('the scanner finds the words that regular expressions find', () => {
  test.each([...examples, ...samples].map(({ name, text }) => [name, text]))('in %s', (_, text) => expectSame(text));

  test.each([
    '',
    '"',
    '"\\',
    "\"a\\\"b\" 'c\\'d' 'e",
    "'",
    '/*',
    '/* a */ b /*/ c',
    '1.5e-3 1..2 1.a 1e 1e+ 1_000.5_0 .5 1.2.3 7E5x',
    'a+=b -= c*=d /=e %=f @=g //=h **=i ->=>:=<=>=!= == = =!',
    'in input inputs import_ 1in _',
    '# a\r## b\n#',
    '\uFEFF§ä a \u{1f600}b && & || | ! ?.;',
    '"a\nb" "c\\\nd"',
  ])('in %j', (text) => expectSame(text));

  test('in texts that are put together by chance', () => {
    const piece = fc.constantFrom(
      ...[
        '"',
        "'",
        '\\',
        '/',
        '*',
        '#',
        '\n',
        '\r',
        ' ',
        '.',
        'e',
        'E',
        '+',
        '-',
        '=',
        '>',
        '<',
        '&',
        '1',
        '_',
        'in',
        'put',
        'ü',
        '\u{1f600}',
        '\0',
        '{',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => expectSame(pieces.join(''))),
      { numRuns: 3000, seed: 6 },
    );
  });
});

test('takes time in proportion to the text', () => {
  for (const text of [
    '"'.repeat(400_000),
    "'".repeat(2000),
    '§'.repeat(400_000),
    '/*'.repeat(200_000),
    '1_'.repeat(200_000),
    'a'.repeat(400_000),
  ]) {
    const started = performance.now();
    tokenize(text);
    expect(performance.now() - started).toBeLessThan(2000);
  }
});
