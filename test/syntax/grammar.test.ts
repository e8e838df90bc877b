import { expect, test } from 'vitest';
import { ArchParser } from '../../grammar/parser.js';

// The check is left out when archc runs, because it costs as much as building the parser.
test('the grammar has no ambiguity, left recursion or unreachable alternative', () => {
  expect(() => new ArchParser(true)).not.toThrow();
});
