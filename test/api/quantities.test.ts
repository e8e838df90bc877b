import { expect, test } from 'vitest';
import { byteFormula, byteSize, shortFormula, shortNumber } from '../../src/quantities.js';

test('amounts have two or three digits', () => {
  expect([0, 999, 1000, 9949, 9951, 999_499, 999_500].map(byteSize)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.0 KB',
    '9.9 KB',
    '10 KB',
    '999 KB',
    '1.0 MB',
  ]);
  expect([0, 850, 6_979_338, 37_326_384_000].map(shortNumber)).toEqual(['0', '850', '7.0 M', '37 G']);
});

test.each([
  ['138802*N + 1184773', '139 KB*N + 1.2 MB', '139 K*N + 1.2 M'],
  ['160*N*T**2 + 9600*N*T + T**2 + 1', '160 B*N*T**2 + 9.6 KB*N*T + 1 B*T**2 + 1 B', '160*N*T**2 + 9.6 K*N*T + T**2 + 1'],
  ['1056*N*(H // 2)*(W // 2) - 2000*N', '1.1 KB*N*(H // 2)*(W // 2) - 2.0 KB*N', '1.1 K*N*(H // 2)*(W // 2) - 2.0 K*N'],
  ['-3000*N + 8000', '-3.0 KB*N + 8.0 KB', '-3.0 K*N + 8.0 K'],
  ['2000*D + 2000*D // 3', '2.0 KB*D + 1 B*(2000*D // 3)', '2.0 K*D + 2000*D // 3'],
  ['(N + 4000) // 2', '1 B*((N + 4000) // 2)', '(N + 4000) // 2'],
  ['4000*max(N - 3, 0)', '4.0 KB*max(N - 3, 0)', '4.0 K*max(N - 3, 0)'],
  ['N', '1 B*N', 'N'],
  ['12', '12 B', '12'],
])('the formula %s has its amounts at each term', (formula, bytes, count) => {
  expect([byteFormula(formula), shortFormula(formula)]).toEqual([bytes, count]);
});
