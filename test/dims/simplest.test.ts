import { expect, test } from 'vitest';
import { Facts } from '../../src/dims/facts.js';
import { parseFact, parseSize } from '../../src/dims/parse.js';

/** What must be there. */
function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it cannot be parsed');
  return value;
}

test.each([
  ['2*(H // 4)', 'H % 4 == 0', 'H // 2'],
  ['4*(H // 4)', 'H % 4 == 0', 'H'],
  ['(H + 1) // 2', 'H % 4 == 0', 'H // 2'],
  ['(H + 1) // 2', 'H % 3 == 0', '(H + 1) // 2'],
  ['2*(H // 4)', '', '2*(H // 4)'],
  ['448*H*N*W + 2336*N*(H // 2)*(W // 2)', 'H % 2 == 0, W % 2 == 0', '1032*H*N*W'],
  ['3*N*(H // 2)', 'H % 2 == 0', '3*N*(H // 2)'],
  ['heads*(D // heads)', 'D % heads == 0', 'heads*(D // heads)'],
  ['D // heads', 'D % heads == 0', 'D // heads'],
  ['T // 2', 'T >= 2', 'T // 2'],
])('%s where %s is shown as %s', (size, where, wanted) => {
  const facts = where === '' ? [] : where.split(', ');
  const given = facts.reduce((all, fact) => all.assume(required(parseFact(fact))), Facts.none);
  expect(String(given.simplest(required(parseSize(size))))).toBe(wanted);
});
