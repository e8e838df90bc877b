import { expect, it } from 'vitest';
import { shippedSources } from '../kit/broken-source.js';
import { checkText } from '../kit/source.js';

const examples = shippedSources().filter(({ name }) => name.startsWith('examples/'));

it.each(examples.map(({ name, text }) => [name, text]))('%s has no mistake', (_, text) => {
  expect(checkText(text ?? '').diagnostics.map((d) => d.code)).toEqual([]);
});
