import { expect, test } from 'vitest';
import { ArchParser } from '../../grammar/parser.js';
import { createLexer } from '../../grammar/tokens.js';

// Both checks are left out when archc runs, because they cost as much as building the parser.
test('the grammar has no ambiguity, left recursion or unreachable alternative', () => {
  expect(() => new ArchParser(true)).not.toThrow();
});

test('the vocabulary is sound, and its first characters are known to the lexer', () => {
  const lexer = createLexer(true);
  expect(lexer.lexerDefinitionErrors).toEqual([]);
  // The types of Chevrotain leave the warnings out.
  expect((lexer as unknown as { lexerDefinitionWarning: readonly string[] }).lexerDefinitionWarning).toEqual([]);
});
