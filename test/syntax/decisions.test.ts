import { expect, test } from 'vitest';
import { readDecision } from '../../grammar/decisions.js';
import { lookaheadFunction } from '../../grammar/lookahead.js';
import { ArchParser } from '../../grammar/parser.js';
import { vocabulary } from '../../grammar/tokens.js';

/** Chevrotain's lookahead functions, by the keys of their places. */
function functionsOf(parser: ArchParser): ReadonlyMap<number, (this: unknown, alternatives?: unknown) => unknown> {
  return (parser as unknown as { readonly lookAheadFuncsCache: ReturnType<typeof functionsOf> }).lookAheadFuncsCache;
}

test('decisions that were written down are those of the analysis, for every token at every place', () => {
  const parser = new ArchParser();
  const written: ReturnType<ArchParser['decisions']> = JSON.parse(JSON.stringify(parser.decisions()));
  const analysed = functionsOf(parser);
  expect(written.length).toBe(analysed.size);
  expect(written.length).toBeGreaterThan(60);
  const alternatives = Array.from({ length: 40 }, () => ({ ALT: () => undefined }));
  for (const [key, decision] of written) {
    const read = lookaheadFunction(readDecision(decision)) as (this: unknown, alternatives?: unknown) => unknown;
    for (const { tokenTypeIdx } of vocabulary) {
      const next = { LA: () => ({ tokenTypeIdx }), LA_FAST: () => ({ tokenTypeIdx }) };
      expect(read.call(next, alternatives)).toBe(analysed.get(key)?.call(next, alternatives));
    }
  }
});
