import { describe, expect, test } from 'vitest';
import type { File } from '../../src/1-syntax/ast.js';
import { format } from '../../src/1-syntax/format.js';
import { defaultLimits } from '../../src/1-syntax/limits.js';
import { parse } from '../../src/1-syntax/parse.js';
import { Report } from '../../src/diagnostics/report.js';
import { examples, read, samples } from './corpus.js';

const everything = [...examples, ...samples];

/** Walks a tree recursively, as later phases do, and checks what the parser promises: every part is there and inside the text. */
function checkTotal(file: File): void {
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (!/span$/i.test(key)) visit(value);
      else if (!(value.start >= 0 && value.start <= value.end && value.end <= file.text.length))
        throw new Error(`bad span in ${JSON.stringify(node).slice(0, 200)}`);
    }
  };
  visit(file.items);
}

function checked(text: string): readonly string[] {
  const { file, diagnostics } = read(text);
  checkTotal(file);
  for (const { span } of diagnostics) expect(span.start <= span.end && span.end <= text.length).toBe(true);
  return diagnostics.map((d) => d.code);
}

/** Long files are cut at some 250 places, an odd number of characters apart, so that the whole runs in seconds; test/long/robustness.test.ts cuts them everywhere. */
function stride(text: string): number {
  return text.length > 500 ? 2 * Math.ceil(text.length / 500) + 1 : 1;
}

describe('any text gives a tree', () => {
  test.each(everything)('every prefix of $name', ({ text }) => {
    for (let i = 0; i <= text.length; i += stride(text)) checked(text.slice(0, i));
  });

  test.each(everything)('$name without one character', ({ text }) => {
    for (let i = 0; i < text.length; i += stride(text)) checked(text.slice(0, i) + text.slice(i + 1));
  });

  test('random tokens', () => {
    const words = everything.flatMap(({ text }) => text.match(/[A-Za-z_]\w*|\d+|"[^"\n]*"|->|=>|==|\*\*|\/\/|\.\.|\S/g) ?? []);
    const more = [
      ';',
      "'a'",
      '"open',
      ':=',
      '/*',
      '*/',
      '//',
      '$',
      '\u202e',
      '\0',
      '\n',
      '\n',
      '\n  ',
      '##',
      '#',
      'def',
      'class',
      'elif',
      'and',
      'not',
      '\u{1F600}',
    ];
    let state = 12345;
    const random = (n: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * n);
    };
    for (let run = 0; run < 1500; run++) {
      const soup: string[] = [];
      for (let i = random(60); i >= 0; i--)
        soup.push(random(8) === 0 ? (more[random(more.length)] ?? '') : (words[random(words.length)] ?? ''));
      checked(soup.join(random(3) === 0 ? '' : ' '));
    }
  });
});

describe('limits', () => {
  const body = (e: string) => `fn f(x: Tensor[N]) -> Tensor[N] { return ${e} }`;

  test.each(['if ', 'cond ', 'cond !', 'if -'])('conditions in conditions: `%s`', (word) => {
    const nested = (depth: number) =>
      `fn f(x: Tensor[N]) -> Tensor[N] {\n  y = ${word.repeat(depth)}c${' { x } else { c }'.repeat(depth)}\n}`;
    expect(checked(nested(defaultLimits.nesting))).toEqual([]);
    expect(checked(nested(defaultLimits.nesting + 1))).toEqual(['nesting-too-deep']);
    expect(checked(nested(20_000))[0]).toBe('nesting-too-deep');
  });

  test('nesting', () => {
    const nested = (n: number) => `let a = ${'('.repeat(n)}1${')'.repeat(n)}`;
    expect(checked(nested(defaultLimits.nesting))).toEqual([]);
    expect(checked(nested(defaultLimits.nesting + 1))).toEqual(['nesting-too-deep']);
    for (const bracket of ['(', '[', '{', '([{', 'f(', 'if a { ', '"{('])
      expect(checked(`let a = ${bracket.repeat(50_000)}`).length).toBeLessThan(10);
  });

  test('the deepest tree that is allowed can be walked and printed', () => {
    const chain = ` + 1`.repeat(100);
    const deep = `let a = ${'f(1 - '.repeat(120)}2${')'.repeat(120)}${chain}`;
    const { file, diagnostics } = read(deep);
    expect(diagnostics).toEqual([]);
    expect(read(format(file)).diagnostics).toEqual([]);
  });

  const chains: readonly (readonly [string, (n: number) => string])[] = [
    ['sums', (n) => `x${' + x'.repeat(n)}`],
    ['powers', (n) => `x${' ** x'.repeat(n)}`],
    ['minus signs', (n) => `${'-'.repeat(n)}x`],
    ['negations', (n) => `${'!'.repeat(n)}x`],
    ['members', (n) => `x${'.a'.repeat(n)}`],
    ['calls', (n) => `x${'(1)'.repeat(n)}`],
    ['indices', (n) => `x${'[0]'.repeat(n)}`],
    ['question marks', (n) => `x${'?'.repeat(n)}`],
  ];
  test.each(chains)('chains of %s', (_, chain) => {
    expect(checked(body(chain(defaultLimits.operators - 1)))).toEqual([]);
    expect(checked(body(chain(defaultLimits.operators + 1)))).toEqual(['expression-too-long']);
    expect(checked(body(chain(20_000)))).toEqual(['expression-too-long']);
  });

  test('pipelines', () => {
    expect(checked(body(`x${' -> f'.repeat(5000)}`))).toEqual(['expression-too-long']);
    expect(checked(body(`x${' as [N]'.repeat(2)}`)).length).toBe(1);
    expect(checked(body(`x${' -> f as [N]'.repeat(240)}`))).toEqual([]);
  });

  test('`else if` without end', () => {
    expect(checked(body(`if a { x }${' else if a { x }'.repeat(5000)} else { x }`))).toEqual(['expression-too-long']);
    expect(checked(body(`1 if a { x = 1 }${' else if a { x = 1 }'.repeat(5000)}`))).toEqual(['expression-too-long']);
  });

  test('chains inside chains count together', () => {
    const inner = `(x${' + x'.repeat(30)})`;
    let e = inner;
    for (let i = 0; i < 20; i++) e = `(${e}${' + x'.repeat(30)})`;
    expect(checked(body(e))).toEqual(['expression-too-long']);
  });

  test('the size of the source', () => {
    expect(checked(`#${' '.repeat(defaultLimits.sourceLength)}`)).toEqual(['source-too-large']);
    expect(checked('x '.repeat(defaultLimits.tokens + 1))).toEqual(['too-many-tokens']);
  });

  test('names', () => {
    expect(checked(`let ${'a'.repeat(1024)} = 1`)).toEqual([]);
    expect(checked(`let ${'a'.repeat(1025)} = 1`)).toEqual(['name-too-long']);
  });

  test('messages', () => {
    const codes = checked(Array.from({ length: 500 }, (_, i) => `let a${i} := 1`).join('\n'));
    expect(codes.length).toBe(defaultLimits.messages + 1);
    expect(codes).toContain('too-many-syntax-errors');
  });

  test('limits can be changed', () => {
    const report = new Report();
    parse('a.arch', 'let a = ((1))', report, { ...defaultLimits, nesting: 1 });
    expect(report.diagnostics.map((d) => d.code)).toEqual(['nesting-too-deep']);
  });
});

describe('time grows with the text', () => {
  const bombs: readonly (readonly [string, string])[] = [
    ['quotes', '"'.repeat(400_000)],
    ['backslashes in a string', `"${'\\'.repeat(1_000_000)}`],
    ['comment starts', '/*'.repeat(200_000)],
    ['slashes', '// a b\n'.repeat(20_000)],
    ['apostrophes', "' ".repeat(200_000)],
    ['stray characters', '$ '.repeat(100_000)],
    ['closing brackets', ')'.repeat(100_000)],
    ['open blocks', 'layer A {\n'.repeat(5_000)],
    ['python blocks', 'if a:\n'.repeat(5_000)],
    ['one long line', 'let a = 1 '.repeat(30_000)],
    ['one long name', 'a'.repeat(1_000_000)],
    ['digits', '1_'.repeat(500_000)],
    ['semicolons', ';'.repeat(100_000)],
    ['comments', '# a\n'.repeat(100_000)],
    ['interpolations', `let a = "${'{b}'.repeat(30_000)}"`],
  ];
  test.each(bombs)('%s', (_, text) => {
    const start = performance.now();
    expect(checked(text).length).toBeLessThanOrEqual(defaultLimits.messages + 1);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

test('recovery parses a large broken file without losing its declarations', () => {
  const text = everything.map(({ text: t }) => t.replaceAll('->', '=>').replaceAll(' = ', ' := ')).join('\n');
  const wanted = everything.map(({ text: t }) => read(t).file.items.length).reduce((a, b) => a + b);
  expect(read(text).file.items.length).toBeGreaterThanOrEqual(wanted);
});
