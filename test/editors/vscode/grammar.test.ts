import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hardKeywords, softKeywords } from '../../../grammar/tokens.js';
import { loadTextMate, type Scoped, type ScopedLine } from '../../kit/textmate.js';
import { samples } from '../../syntax/corpus.js';

const root = resolve(import.meta.dirname, '../../..');
const colors = readFileSync(join(import.meta.dirname, 'colors.arch'), 'utf8');

const library = ['stdlib', 'examples', 'test/syntax/formatted'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.arch'))
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') })),
);

let color: (text: string) => readonly ScopedLine[];
beforeAll(async () => {
  color = await loadTextMate();
});

/** A token with its innermost scope, the part that themes look at. */
function short({ text, scopes }: Scoped): string {
  return `${text.trim()}  ${scopes.at(-1)?.replace(/\.arch$/, '') ?? 'nothing'}`;
}

function hasScope(lines: readonly ScopedLine[], pattern: RegExp): readonly string[] {
  return lines.flatMap(({ tokens }) => tokens.filter(({ scopes }) => scopes.some((scope) => pattern.test(scope))).map(({ text }) => text));
}

test('each token has the scope of the golden file', async () => {
  const shown = color(colors).map(({ text, tokens }) => {
    const said = tokens.filter(({ text: token, scopes }) => token.trim() !== '' && !scopes.at(-1)?.startsWith('punctuation.')).map(short);
    return [text, ...said.map((line) => `        ${line}`)].join('\n');
  });
  await expect(`${shown.join('\n')}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'colors.txt'));
});

test('every token has a scope, except white space', () => {
  for (const { tokens } of color(colors))
    expect(tokens.filter(({ text, scopes }) => text.trim() !== '' && scopes.length === 0)).toEqual([]);
});

describe.each(library.map((source) => [source.name, source] as const))('%s', (_, { text }) => {
  test('has nothing invalid', () => {
    expect(hasScope(color(text), /^invalid/)).toEqual([]);
  });

  test('has strings and tensor types that end on their lines, and declarations that end before the next', () => {
    for (const line of color(text)) {
      expect(
        line.open.filter((scope) => /^(?:string|meta\.(?:type|shape|label|interpolation))/.test(scope)),
        line.text,
      ).toEqual([]);
      if (/^(?:import|let|fn|layer|model|config|train)\b/.test(line.text))
        expect(line.tokens[0]?.scopes.length, line.text).toBeLessThanOrEqual(2);
      if (line.text === '}') expect(line.depth, line.text).toBe(0);
    }
  });

  test('is colored as before after every half of a line', () => {
    const lines = text.split('\n');
    const whole = color(text);
    const next = (at: number) => lines.findIndex((line, i) => i > at && /^(?:let|fn|layer|model|config|train)\b/.test(line));
    // A line in each place of the file, cut off in the middle; the next declaration does not notice.
    for (let at = 0; at < lines.length; at += 7) {
      const from = next(at);
      if (from < 0) break;
      const cut = lines.map((line, i) => (i === at ? line.slice(0, line.length >> 1) : line)).join('\n');
      expect(
        color(cut)
          .slice(from)
          .map(({ tokens }) => tokens),
        lines[at],
      ).toEqual(whole.slice(from).map(({ tokens }) => tokens));
    }
  });
});

describe('half-written code', () => {
  const after = 'let n = 3';
  test.each([
    ['a string', 'let a = "text'],
    ['a string that ends in a backslash', 'let a = "text\\'],
    ['an interpolation', 'let a = "text {n + '],
    ['an `if` in an interpolation', 'let a = "{if n { 2 '],
    ['a tensor type', 'layer A(x: Tensor[N, (2 * '],
    ['an element type', 'layer A(x: Tensor<f3'],
    ['arguments', 'let a = f(1, g(2, [3'],
    ['a signature', 'model M(x: Tensor[N]) ->'],
    ['a label', 'model M(x: Tensor[N]) -> (y: Tensor[N]) { return x -> fc:'],
    ['the index of a label', 'model M(x: Tensor[N]) -> (y: Tensor[N]) { return x -> fc[i: Linear(3)'],
    ['a config', 'config C { D = 3'],
    ['a train block', 'train T for M { optimizer sgd(lr = 0.1) { group *.bn'],
    ['patterns', 'train T for M { freeze *.bn, '],
    ['a scan', 'layer A(x: Tensor[N]) -> Tensor[N] {\n  scan a over (x'],
    ['an import', 'import { a, b'],
    ['an import without a path', 'import { a } from "'],
  ])('%s does not spoil the next declaration', (_, code) => {
    expect(color(`${code}\n${after}`).at(-1)?.tokens).toEqual(color(after)[0]?.tokens);
  });

  test.each(['x -> fc:', 'x -> layers[i]:'])('a label is one while its layer is being typed: %s', (code) => {
    expect(hasScope(color(code), /^entity\.name\.tag\.label/).length).toBe(1);
  });
});

test('soft keywords are names where they are not keywords', () => {
  for (const word of softKeywords) {
    const lines = color(
      `layer L(x: Tensor[N]) -> Tensor[N] {\n  ${word} = x\n  y = ${word} + ${word}.T\n  z = f(${word}, ${word} = ${word})\n  return ${word}\n}`,
    );
    expect(
      hasScope(lines.slice(1, 5), /^(?:keyword\.(?:control|other)|storage)/).filter((text) => text !== 'return'),
      word,
    ).toEqual([]);
  }
});

describe('the grammar', () => {
  const patterns: string[] = [];
  JSON.parse(readFileSync(join(root, 'editors/vscode/syntaxes/arch.tmLanguage.json'), 'utf8'), (key, value) => {
    if (key === 'match' || key === 'begin' || key === 'end') patterns.push(value);
    return value;
  });

  test('names every keyword', () => {
    const all = patterns.join(' ').replaceAll('\\b', ' ');
    expect([...hardKeywords, ...softKeywords].filter((word) => !new RegExp(`\\b${word}\\b`).test(all))).toEqual([]);
  });

  test('holds expressions that JavaScript accepts as well', () => {
    for (const pattern of patterns) {
      // `\G` is known only to Oniguruma.
      const expression = new RegExp(pattern.replaceAll('(?!\\G)', ''), 'gm');
      for (const { text } of samples) expect(() => text.match(expression)).not.toThrow();
    }
  });
});
