import { describe, expect, test } from 'vitest';
import { check } from '../../src/check.js';
import { createMemoryHost } from '../../src/memory-host.js';

/** The description of what is at the first `|` in a text, which is taken out. */
function typeAtMark(marked: string, others: Readonly<Record<string, string>> = {}): string | undefined {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  return check('main.arch', createMemoryHost({ 'main.arch': text, ...others })).typeAt(offset)?.description;
}

const body = (lines: string) => `layer A(D: int, deep = true)(x: Tensor[N, T], mask: Tensor<bool>[N]?) -> Tensor[N, D] {\n${lines}\n}\n`;

describe('what is at an offset', () => {
  test.each([
    ['a variable', body('  y = x + 1\n  return |y -> Linear(D)'), 'a tensor [N, T]'],
    ['a name that is assigned', body('  (|y, z) = (x @ x.T, x)\n  return y @ z -> Linear(D)'), 'a tensor [N, N]'],
    ['a stage', body('  return x -> Lin|ear(D)'), 'the layer `Linear`'],
    ['a pipeline', body('  return x -> Linear(D) |-> relu'), 'a tensor [N, D]'],
    ['a hyperparameter', body('  return x -> Linear(|D)'), 'the size `D`'],
    ['an operator', body('  return (x * 2) |@ (x.T) -> Linear(D)'), 'a tensor [N, N]'],
    ['an interpolation', body('  return x -> "fc{|D}": Linear(D)'), 'the size `D`'],
    ['a branch that is not taken', body('  if deep { |x = x * 2 } else { x = x }\n  return x -> Linear(D)'), 'a tensor [N, T]'],
    ['a size', body('  let k = 2 * |T\n  return x -> Linear(k) -> Linear(D)'), 'the size `T`'],
    ['an optional input', body('  h = if mask? { where(|mask[:, .., none], x, 0) } else { x }\n  return h -> Linear(D)'), undefined],
    ['a constant of the file', 'let width = 3 * |4\n', 'the integer 4'],
    [
      'a compile-time function',
      `let twice(v) = 2 * |v\nfn f(x: Tensor[N, K]) -> Tensor[N, K] { let k = twice(K)\n  return x * k }\n`,
      'the size `K`',
    ],
    ['a comment', '# |nothing\nlet a = 1\n', undefined],
    ['the library', body('  return x -> |relu -> Linear(D)'), 'the function `relu`'],
  ])('%s', (_, text, wanted) => {
    expect(typeAtMark(text)).toBe(wanted);
  });

  test('a tensor has its element type and its sizes', () => {
    const text = 'model M(ids: Tensor<i64>[N, T]) -> (y: Tensor[N, T, 8]) { return ids -> Embedding(100, 8) }\n';
    const at = check('main.arch', createMemoryHost({ 'main.arch': text })).typeAt(text.indexOf('->', text.indexOf('{')));
    expect(at?.tensor).toEqual({ dtype: 'f32', shape: ['N', 'T', 8] });
    expect(text.slice(at?.span.start, at?.span.end)).toBe('ids -> Embedding(100, 8)');
  });
});

describe('with mistakes', () => {
  test('in the same declaration, what does not depend on them has a type', () => {
    expect(typeAtMark(body('  y = x + nothing\n  z = |x * 2\n  return z -> Linear(D)'))).toBe('a tensor [N, T]');
    expect(typeAtMark(body('  y = x + nothing\n  return |y'))).toBe(undefined);
  });

  test('of the syntax, too', () => {
    expect(typeAtMark(body('  y = x -> softmax(axis = )\n  z = x -> Linear(4)\n  return |z'))).toBe('a tensor [N, 4]');
  });

  test('in another declaration, its signature says what it gives', () => {
    const user = 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 5]) {\n  h = x -> A(5)\n  return |h\n}\n';
    expect(typeAtMark(`${user}${body('  return x -> Lin')}`)).toBe('a tensor [N, 5]');
    expect(typeAtMark(`${user}${body('  return x -> (')}`)).toBe('a tensor [N, 5]');
  });

  test('a use of a layer with a syntax error in its body is still checked', () => {
    const text = `layer L(x: Tensor[N, 8]) -> Tensor[N, 8] {\n  h = x ->\n  return h\n}\nmodel P(x: Tensor[N, 8]) -> (y: Tensor[N, 9]) {\n  q = x -> L\n  return q\n}\n`;
    const codes = check('main.arch', createMemoryHost({ 'main.arch': text })).diagnostics.map((d) => d.code);
    expect(codes).toHaveLength(2);
    expect(codes[1]).toBe('result-mismatch');
  });

  test('and nothing that was looked at is reported by a later check, or missing from it', () => {
    const text = body('  y = x + nothing\n  return y -> Linear(D)');
    const first = check('main.arch', createMemoryHost({ 'main.arch': text }));
    for (let offset = 0; offset < text.length; offset++) first.typeAt(offset);
    const second = first.next(`\n${text}`);
    expect(second.diagnostics.map((d) => d.code)).toEqual(['unknown-name']);
    expect(second.next(text.replace('nothing', '1')).diagnostics.map((d) => d.code)).toEqual(['unused-hyperparameter']);
  });
});

test('the types of an earlier text cannot be asked for', () => {
  const first = check('main.arch', createMemoryHost({ 'main.arch': 'let a = 1\n' }));
  first.next('let a = 2\n');
  expect(() => first.typeAt(8)).toThrow('another text of this file was given to `next`');
});

test('the file of an import has types, too', () => {
  const files = { 'main.arch': 'import { w } from "./b.arch"\nlet v = w\n', 'b.arch': 'let w = 4\n' };
  expect(check('main.arch', createMemoryHost(files)).typeAt(8, 'b.arch')?.description).toBe('the integer 4');
});
