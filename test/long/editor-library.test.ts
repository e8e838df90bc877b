import { expect, it } from 'vitest';
import { shippedSources } from '../kit/broken-source.js';
import { surveySource } from '../kit/ide-survey.js';

// Not in editor.test.ts, so that both can run at the same time.
it.each(shippedSources().filter(({ name }) => name.startsWith('stdlib')))(
  'editor features answer in every broken text of $name',
  (source) => {
    expect(surveySource(source).texts).toBeGreaterThan(source.text.length);
  },
);
