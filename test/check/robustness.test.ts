import { expect, it } from 'vitest';
import { checkBroken, shippedSources } from '../kit/broken-source.js';

// Every place is tried in test/long; here every 61st, in each file from another start.
it.each(shippedSources().map((source, i) => [source.name, source, i] as const))(
  '%s checks without an exception, cut off or with a character missing',
  (_, source, i) => {
    expect(checkBroken(source, 61, 7 * i)).toBeGreaterThan(10);
  },
);
