import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { format } from '../../src/1-syntax/format.js';
import { examples, read, samples } from './corpus.js';
import { meaning } from './tree-text.js';

/** The text in its standard form, which has to keep the meaning and the comments and to stay as it is when formatted again. */
function formatted(text: string): string {
  const before = read(text);
  const once = format(before.file);
  const after = read(once);
  expect(after.diagnostics).toEqual([]);
  expect(meaning(after.file.items)).toBe(meaning(before.file.items));
  const words = (comments: typeof before.file.comments) => comments.map((c) => c.text.replace(/^#+/, '')).sort();
  expect(words(after.file.comments)).toEqual(words(before.file.comments));
  expect(format(after.file)).toBe(once);
  return once;
}

test.each(examples)('$name is formatted', ({ text }) => {
  expect(formatted(text)).toBe(text);
});

test.each(samples)('$name', async ({ name, text }) => {
  const golden = resolve(import.meta.dirname, 'formatted', name);
  const printed = formatted(text);
  await expect(printed).toMatchFileSnapshot(golden);
  expect(printed.split('\n').filter((line) => line.length > 100 && !line.includes('#'))).toEqual([]);
});

describe('layout', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['spaces', 'let  a=1+2*f( x,y = 3 )[0 ,:]', 'let a = 1 + 2 * f(x, y = 3)[0, :]\n'],
    ['brackets that are needed', 'let a = ((1 + 2)) * (3) - (4 - 5) ** (2 ** 3)', 'let a = (1 + 2) * 3 - (4 - 5) ** (2 ** 3)\n'],
    ['brackets that help', 'let a = (b * c) + d', 'let a = (b * c) + d\n'],
    ['empty lines', '\n\n# a\n\n\n\nlet a = 1\n\n\nlet b = 2\nlet c = 3\n\n\n', '# a\n\nlet a = 1\n\nlet b = 2\nlet c = 3\n'],
    ['CRLF', 'let a = 1\r\n\r\nlet b = [\r\n  1,\r\n]\r\n', 'let a = 1\n\nlet b = [\n  1\n]\n'],
    ['no text', '', ''],
    ['comments only', '# a\n\n\n# b', '# a\n\n# b\n'],
    [
      'an aligned `=`',
      'fn f() -> Tensor[] {\n  a   = 1\n  long = 2\n  bcd = 3\n}',
      'fn f() -> Tensor[] {\n  a = 1\n  long = 2\n  bcd = 3\n}\n',
    ],
    ['aligned lines', 'let a    = 1\nlet long = 2\nlet b = 3\n', 'let a    = 1\nlet long = 2\nlet b = 3\n'],
    [
      'a pipeline in lines',
      'fn f(x: Tensor[N]) -> Tensor[N] {\n return x\n -> a: A(1) as [N]\n -> bcd: B(1) -> c as [N, M]\n -> d\n}',
      'fn f(x: Tensor[N]) -> Tensor[N] {\n  return x\n    -> a: A(1)          as [N]\n    -> bcd: B(1) -> c   as [N, M]\n    -> d\n}\n',
    ],
    ['a pipeline on a line', 'let a = x ->f->  g as[N]', 'let a = x -> f -> g as [N]\n'],
    ['a pipeline below its first arrow', 'let a = x -> f\n  -> g', 'let a = x -> f\n          -> g\n'],
    [
      'a long signature',
      'layer Up(width: int)(x: Tensor[N, C, H, W], skip: Tensor[N, S, 2 * H, 2 * W]) -> Tensor[N, width, 2 * H, 2 * W] {\n  return x\n}',
      'layer Up(width: int)(\n  x: Tensor[N, C, H, W], skip: Tensor[N, S, 2 * H, 2 * W]\n) -> Tensor[N, width, 2 * H, 2 * W] {\n  return x\n}\n',
    ],
    ['a long pipeline', `let a = x${' -> some_function(1)'.repeat(6)}`, `let a = x\n${'  -> some_function(1)\n'.repeat(6)}`],
    [
      'long arguments',
      `let a = f(${Array(6).fill('some_argument_of_it').join(', ')})`,
      `let a = f(\n${Array(6).fill('  some_argument_of_it').join(',\n')}\n)\n`,
    ],
    ['rows of arguments', 'let a = f(\n 1,2,\n 3)', 'let a = f(\n  1, 2,\n  3\n)\n'],
    ['a comment in a list', 'let a = [1, # one\n  # two\n  2]', 'let a = [\n  1,  # one\n  # two\n  2\n]\n'],
    ['a comment in a sum', 'let a = 1 + # one\n  2', '# one\nlet a = 1 + 2\n'],
    ['a comment in an empty list', 'let a = [ # none\n]', 'let a = [\n  # none\n]\n'],
    [
      'comments in a block',
      'fn f() -> Tensor[] { # a\n  # b\n  return x # c\n  # d\n}',
      'fn f() -> Tensor[] {  # a\n  # b\n  return x  # c\n  # d\n}\n',
    ],
    ['blocks', 'fn f() -> Tensor[] {if a{b=1}else{\n b=2}}', 'fn f() -> Tensor[] {\n  if a { b = 1 } else {\n    b = 2\n  }\n}\n'],
    ['statements on one line', 'fn f() -> Tensor[] { a = 1 b = 2 }', 'fn f() -> Tensor[] {\n  a = 1\n  b = 2\n}\n'],
    [
      'a negative value after a statement',
      'let a = if c {\n b = 1\n (-b)\n} else { -1 }',
      'let a = if c {\n  b = 1\n  (-b)\n} else { -1 }\n',
    ],
    [
      'facts',
      'fn f(x: Tensor[N]) -> Tensor[N] where N>1,N<9 { return x }',
      'fn f(x: Tensor[N]) -> Tensor[N] where N > 1, N < 9 { return x }\n',
    ],
    [
      'facts on a line',
      'fn f(x: Tensor[N]) -> Tensor[N]\n where N>1 { return x }',
      'fn f(x: Tensor[N]) -> Tensor[N]\n  where N > 1\n{ return x }\n',
    ],
  ];
  test.each(cases)('%s', (_, source, wanted) => {
    expect(formatted(source)).toBe(wanted);
  });
});

test('texts that still parse after random changes', () => {
  const sources = [...examples, ...samples];
  const pieces = [' ', '\n', '\n\n', '# c\n', '  # d\n', '(', ')', '-', ' -> f', ', a', 'x', '\r\n', '## e\n', ' as [N]', '!', '[0]', '.T'];
  const edit = fc.tuple(fc.nat(), fc.nat(4), fc.constantFrom(...pieces));
  let parsed = 0;
  fc.assert(
    fc.property(fc.nat(sources.length - 1), fc.array(edit, { minLength: 1, maxLength: 3 }), (which, edits) => {
      let text = sources[which]?.text ?? '';
      for (const [place, removed, piece] of edits) {
        const at = place % (text.length + 1);
        text = text.slice(0, at) + piece + text.slice(at + (removed > 2 ? removed - 2 : 0));
      }
      if (read(text).diagnostics.length > 0) return;
      parsed++;
      formatted(text);
    }),
    { numRuns: 400, seed: 7 },
  );
  expect(parsed).toBeGreaterThan(80);
});
