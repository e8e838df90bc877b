import { expect, test } from 'vitest';
import { exampleText } from '../../../src/cli/init/example.js';
import { extensionSources } from '../../kit/extension.js';

// The extension imports nothing of the compiler, so it has a copy.
test('the example of the walkthrough is that of `archc init`', () => {
  const [, example] = /= `([\s\S]*?)`;/.exec(extensionSources.get('commands/open-example.ts') ?? '') ?? [];
  expect(example).toBe(exampleText);
});
