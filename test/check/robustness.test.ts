import { expect, it } from 'vitest';
import { checkBroken, shippedSources } from '../kit/broken-source.js';

// Every place is tried in test/long; here every 61st, in long files fewer, and in each from another start.
it.each(shippedSources().map((source, i) => [source.name, source, i] as const))(
  '%s checks without an exception, cut off or with a character missing',
  (_, source, i) => {
    expect(checkBroken(source, Math.max(61, Math.ceil(source.text.length / 30)), 7 * i)).toBeGreaterThan(10);
  },
);
