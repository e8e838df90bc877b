import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exampleText } from '../../../src/cli/init/example.js';
import { extensionFolder, extensionSources } from '../../kit/extension.js';
import { checkText, rendered } from '../../kit/source.js';
import { read } from '../../syntax/corpus.js';

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const snippets: Readonly<Record<string, Snippet>> = JSON.parse(readFileSync(join(extensionFolder, 'snippets/arch.json'), 'utf8'));

/** The text that a snippet inserts if nothing is typed over it. */
function inserted(body: readonly string[]): string {
  const defaults = new Map<string, string>();
  let text = body.join('\n');
  // The innermost ones first: a default may hold another placeholder.
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replaceAll(/\$\{(\d+)(?::((?:[^{}$]|\{[^}$]*\})*))?\}/g, (_, key: string, value?: string) => {
      if (value !== undefined) defaults.set(key, value);
      return defaults.get(key) ?? '';
    });
  }
  return text.replaceAll('$0', '');
}

test.each(Object.entries(snippets))('%s can be read', (_, { body }) => {
  const text = inserted(body);
  const isDeclaration = /^(?:##.*\n)?(?:import|let|fn|layer|model|config|train)\b/.test(text);
  const { diagnostics } = read(isDeclaration ? `${text}\n` : `layer Around(x: Tensor[*B]) -> Tensor[*B] {\n${text}\n}\n`);
  expect(
    diagnostics.map(({ message }) => message),
    text,
  ).toEqual([]);
});

test.each(['Model', 'Layer', 'Layer with a parameter', 'Function', 'Configuration'])('%s has no mistake', (name) => {
  const result = checkText({ 'main.arch': `${inserted(snippets[name]?.body ?? [])}\n` });
  expect(result.diagnostics, rendered(result)).toEqual([]);
});

test('each has a prefix of its own', () => {
  const prefixes = Object.values(snippets).map(({ prefix }) => prefix);
  expect(new Set(prefixes).size).toBe(prefixes.length);
});

// The extension imports nothing of the compiler, so it has a copy.
test('the example of the walkthrough is that of `archc init`', () => {
  const [, example] = /= `([\s\S]*?)`;/.exec(extensionSources.get('commands/open-example.ts') ?? '') ?? [];
  expect(example).toBe(exampleText);
});
