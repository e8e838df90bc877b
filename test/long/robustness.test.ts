import { expect, it } from 'vitest';
import { checkBroken, shippedSources } from '../kit/broken-source.js';

it.each(shippedSources().map((source) => [source.name, source] as const))(
  '%s checks without an exception, cut off anywhere or with any character missing',
  (name, source) => {
    const count = checkBroken(source, 1);
    console.log(`${name}: ${count} texts`);
    expect(count).toBe(2 * (source.text.length + 1));
  },
);
