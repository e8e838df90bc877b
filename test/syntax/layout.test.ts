import { describe, expect, test } from 'vitest';
import type { Expr } from '../../src/1-syntax/ast.js';
import { Layout } from '../../src/1-syntax/layout.js';
import { eachNode } from '../../src/1-syntax/walk.js';
import { randomEdits } from '../kit/random-edits.js';
import { examples, read, samples } from './corpus.js';

test.each([...examples, ...samples])('the pieces of $name are its text, even with mistakes in it', ({ text }) => {
  const edits = randomEdits(
    text,
    samples.map((sample) => sample.text),
    text.length,
  );
  for (let i = 0; i < 20; i++) {
    const now = edits.next().value.text;
    const layout = new Layout(read(now).file);
    expect(layout.pieces.map((piece) => layout.text(piece)).join('')).toBe(now);
    expect(layout.pieces.every(({ start, end }, k) => start < end && start === (layout.pieces[k - 1]?.end ?? 0))).toBe(true);
    for (const piece of layout.pieces) {
      if (piece.kind === 'space') expect(layout.text(piece)).toMatch(/^\s+$/);
      if (piece.kind === 'comment') expect(layout.text(piece)).toMatch(/^#[^\n]*$/);
    }
  }
});

describe('the extent of an expression', () => {
  test.each([
    ['let v = (1 + 2) * 3', '1 + 2', '(1 + 2)'],
    ['let v = ((1 + 2)) * 3', '1 + 2', '((1 + 2))'],
    ['let v = (1 # one\n + 2)', '1 # one\n + 2', '(1 # one\n + 2)'],
    ['let v = max(1, 2)', '1', '1'],
    ['let v = f(1)', '1', '1'],
    ['let v = f((1))', '1', '(1)'],
    ['let v = (1, 2)', '1', '1'],
    ['let v = [(1)]', '1', '(1)'],
    ['let v = 1 * (f(2))', 'f(2)', '(f(2))'],
    ['let v = (1) + (2)', '1', '(1)'],
  ])('in `%s`', (text, wanted, extent) => {
    const { file } = read(`${text}\n`);
    const layout = new Layout(file);
    const found: string[] = [];
    eachNode(file.items, (node) => {
      const expr = node as Expr;
      if (node.kind !== 'let' && layout.text(expr.span) === wanted) found.push(layout.text(layout.extent(expr)));
    });
    expect(found).toEqual([extent]);
  });
});

test('the comments above a declaration are those on lines of their own without an empty line between', () => {
  const text = 'let a = 1 # one\n# two\n# three\nlet b = 2\n\n# four\n\nlet c = 3\n';
  const { file } = read(text);
  const layout = new Layout(file);
  const above = file.items.map(({ span }) => layout.commentsAbove(span.start));
  expect(above.map((comments) => comments && layout.text(comments))).toEqual([undefined, '# two\n# three', undefined]);
});

test('an offset is in a piece', () => {
  const layout = new Layout(read('let a = 1').file);
  expect([0, 2, 3, 4, 8, 9].map((offset) => layout.at(offset)).map((piece) => piece && layout.text(piece))).toEqual([
    'let',
    'let',
    ' ',
    'a',
    '1',
    undefined,
  ]);
});
