import { expect, it } from 'vitest';
import { shippedSources } from '../kit/broken-source.js';
import { checkText } from '../kit/source.js';

const examples = shippedSources().filter(({ name }) => name.startsWith('examples/'));

it.each(examples.map(({ name, text }) => [name, text]))('%s has no mistake; what cannot be built yet says so', (name, text) => {
  const codes = new Set(checkText(text ?? '').diagnostics.map((d) => d.code));
  expect([...codes]).toEqual(name === 'examples/llama/model.arch' ? ['unsupported-state'] : []);
});
