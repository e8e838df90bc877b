import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { extensionFolder } from '../../kit/extension.js';
import { examples } from '../../syntax/corpus.js';

interface OnEnter {
  readonly beforeText: string;
  readonly afterText?: string;
  readonly action: { readonly indent: string; readonly appendText?: string };
}

const configuration: {
  readonly comments: { readonly lineComment: string };
  readonly brackets: readonly (readonly [string, string])[];
  readonly wordPattern: string;
  readonly indentationRules: { readonly increaseIndentPattern: string; readonly decreaseIndentPattern: string };
  readonly folding: { readonly markers: { readonly start: string; readonly end: string } };
  readonly onEnterRules: readonly OnEnter[];
} = JSON.parse(readFileSync(join(extensionFolder, 'language-configuration.json'), 'utf8'));

test('words are names and numbers, which split at dots', () => {
  const words = (text: string) => text.match(new RegExp(configuration.wordPattern, 'g'));
  expect(words('x -> fc1.weight: Linear(1_000, eps = 1e-6)')).toEqual(['x', 'fc1', 'weight', 'Linear', '1_000', 'eps', '1e-6']);
  expect(words('h[0..3] * 0.5')).toEqual(['h', '0', '3', '0.5']);
  expect(words('')).toBe(null);
});

test('comments and brackets are those of the language', () => {
  expect(configuration.comments).toEqual({ lineComment: '#' });
  expect(configuration.brackets.flat().join('')).toBe('{}[]()');
});

describe('indentation', () => {
  const { increaseIndentPattern, decreaseIndentPattern } = configuration.indentationRules;
  const increases = new RegExp(increaseIndentPattern);
  const decreases = new RegExp(decreaseIndentPattern);

  test.each(['model M(', 'layer A(x: Tensor[N]) -> Tensor[N] {', '  y = f(  # why', '  xs = [', '  if a { b } else {'])(
    'is more after %s',
    (line) => {
      expect(increases.test(line)).toBe(true);
    },
  );

  test.each(['# {', '  y = "{"', '  y = f(x)', 'layer Half(x: Tensor[*S]) -> Tensor[*S] { return x / 2 }', '## (', '}'])(
    'is the same after %s',
    (line) => {
      expect(increases.test(line)).toBe(false);
    },
  );

  test.each(['}', '  ) -> Tensor[N] {', '  ]', '  } else {'])('is less in %s', (line) => {
    expect(decreases.test(line)).toBe(true);
  });

  test('of the examples is what the rules say at each bracket', () => {
    for (const { name, text } of examples) {
      const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(?:#|->)/.test(line));
      for (const [i, line] of lines.entries()) {
        const before = lines[i - 1] ?? '';
        const indent = (of: string): number => of.length - of.trimStart().length;
        if (increases.test(before) && !decreases.test(line)) expect(indent(line), `${name}: ${line}`).toBe(indent(before) + 2);
      }
    }
  });
});

describe('Enter', () => {
  /** What the first rule that fits does, as in VS Code. */
  function press(before: string, after = ''): OnEnter['action'] | undefined {
    const fits = ({ beforeText, afterText = '' }: OnEnter): boolean =>
      new RegExp(beforeText).test(before) && new RegExp(afterText).test(after);
    return configuration.onEnterRules.find(fits)?.action;
  }

  test.each([
    ['continues documentation', '  ## Text.', '', { indent: 'none', appendText: '## ' }],
    ['ends documentation on an empty line', '## ', '', undefined],
    ['does not continue comments', '# text', '', undefined],
    ['indents after a brace', 'layer A(x: Tensor[N]) -> Tensor[N] {', '', { indent: 'indent' }],
    ['opens a block between braces', '  if a {', '}', { indent: 'indentOutdent' }],
    ['opens a list between brackets', '  f(', ')', { indent: 'indentOutdent' }],
    ['indents after an arrow', '  return x ->', '', { indent: 'indent' }],
    ['keeps the indentation of stages', '    -> relu', '', undefined],
    ['keeps the indentation after an arrow in a comment', '  # a ->', '', undefined],
  ])('%s', (_, before, after, action) => {
    expect(press(before, after)).toEqual(action);
  });
});

test('regions are comments', () => {
  const { start, end } = configuration.folding.markers;
  expect(new RegExp(start).test('  # region Encoder')).toBe(true);
  expect(new RegExp(end).test('# endregion')).toBe(true);
  expect(new RegExp(start).test('region = 3')).toBe(false);
});
