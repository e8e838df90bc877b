import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

test('the EBNF and the TextMate grammar are up to date', async () => {
  // A script has no types; it promises a map from paths to texts.
  const { generatedGrammar } = (await import(/* @vite-ignore */ `${root}/scripts/grammar.mjs`)) as {
    generatedGrammar: () => Promise<Map<string, string>>;
  };
  const files = await generatedGrammar();
  expect([...files.keys()]).toEqual(['grammar/arch.ebnf', 'editors/vscode/syntaxes/arch.tmLanguage.json']);
  for (const [path, text] of files) expect(readFileSync(resolve(root, path), 'utf8')).toBe(text);
});

test('the EBNF defines every rule that it uses', () => {
  const text = readFileSync(resolve(root, 'grammar/arch.ebnf'), 'utf8').replaceAll(/\(\*[\s\S]*?\*\)/g, '');
  const rules = [...text.matchAll(/^(\w+)\s*= ([\s\S]*?) ;/gm)].map(([, name, body]) => [name ?? '', body ?? ''] as const);
  const defined = new Set(rules.map(([name]) => name));
  const used = rules.flatMap(([, body]) => body.replaceAll(/"[^"]*"|'[^']*'/g, '').match(/\w+/g) ?? []);
  const primitive = ['letter', 'digit', 'character', 'HardKeyword'];
  expect([...new Set(used)].filter((name) => !defined.has(name) && !primitive.includes(name))).toEqual([]);
  expect(defined.has('file')).toBe(true);
});
