import { describe, expect, test } from 'vitest';
import { type Answer, decideAtLeast, decideDivides, decideEqual } from '../../src/dims/decide.js';
import { Dim } from '../../src/dims/dim.js';
import type { Fact } from '../../src/dims/fact.js';
import { Facts } from '../../src/dims/facts.js';

const v = (name: string): Dim => Dim.variable(name);
const [N, M, T, D, H, heads] = [v('N'), v('M'), v('T'), v('D'), v('H'), v('heads')];
const dim = (x: Dim | number): Dim => (typeof x === 'number' ? Dim.of(x) : x);
const equal = (left: Dim, right: Dim | number): Fact => ({ kind: 'equal', left, right: dim(right) });
const divides = (divisor: Dim | number, value: Dim): Fact => ({ kind: 'divides', divisor: dim(divisor), value });
const atLeast = (left: Dim | number, right: Dim | number): Fact => ({ kind: 'at-least', left: dim(left), right: dim(right) });
const given = (...facts: Fact[]): Facts => facts.reduce((all, fact) => all.assume(fact), Facts.none);
const show = (answer: Answer): string =>
  answer.kind === 'not-always' ? [...answer.witness].map(([name, value]) => `${name} = ${value}`).join(', ') : answer.kind;

const at = <T>(list: readonly T[], i: number): T => list[i] as T;
const numberOf = (witness: ReadonlyMap<string, number>, name: string): number => witness.get(name) ?? Number.NaN;

describe('equal', () => {
  test('the skips of a U-Net', () => {
    const levels = [H];
    for (let i = 0; i < 4; i++) levels.push(at(levels, i).floorDiv(2));
    const skips = (facts: Facts): string[] => levels.slice(1).map((deep, i) => show(decideEqual(deep.mul(2), at(levels, i), facts)));
    expect(skips(given(divides(16, H)))).toEqual(['proved', 'proved', 'proved', 'proved']);
    expect(skips(Facts.none)).toEqual(['H = 1', 'H = 2', 'H = 4', 'H = 8']);
  });

  test('heads that split the width', () => {
    const [flat, split] = [N.mul(T).mul(D), N.mul(T).mul(heads).mul(D.floorDiv(heads))];
    expect(show(decideEqual(flat, split, given(divides(heads, D))))).toBe('proved');
    expect(show(decideEqual(flat, split, given(divides(64, D), divides(heads, D))))).toBe('proved');
    const answer = decideEqual(flat, split, Facts.none);
    if (answer.kind !== 'not-always') throw new Error(answer.kind);
    expect(numberOf(answer.witness, 'D') % numberOf(answer.witness, 'heads')).not.toBe(0);
  });

  test.each<[string, Dim, Dim, Facts, string]>([
    ['two halves', H.floorDiv(2).add(H.add(1).floorDiv(2)), H, Facts.none, 'proved'],
    ['maxima associate', v('a').max(v('b')).max(v('c')), v('a').max(v('b').max(v('c'))), Facts.none, 'proved'],
    ['different names', N, M, Facts.none, 'N = 1, M = 2'],
    ['another constant', N.add(1), N, Facts.none, 'never'],
    ['a remainder out of range', H.mod(2), Dim.of(5), Facts.none, 'never'],
    ['even and odd', H.mul(2).mul(H), N.mul(2).add(1), Facts.none, 'never'],
    ['a fact of equality', N, M, given(equal(N, M)), 'proved'],
    ['a fact of order', N, M, given(atLeast(N, M.add(1))), 'never'],
    ['two facts of order', N, M, given(atLeast(N, M), atLeast(M, N)), 'proved'],
    ['a maximum with a range', T.max(3), T, given(atLeast(T, 3)), 'proved'],
    ['small ranges are looked at completely', N.mul(N).mul(N), N.mul(N).mul(6).sub(N.mul(11)).add(6), given(atLeast(3, N)), 'proved'],
    ['a product as a fact', N.mul(T).mul(2), D.mul(2), given(equal(N.mul(T), D)), 'proved'],
    ['common factors of a fact', T, M, given(equal(N.mul(T), N.mul(M))), 'proved'],
  ])('%s', (_, a, b, facts, wanted) => {
    expect(show(decideEqual(a, b, facts))).toBe(wanted);
  });

  test('a witness knows nothing of variables that no user wrote and stays in range', () => {
    const answer = decideEqual(H, D, given(divides(16, H), divides(heads, D), atLeast(H, 20)));
    if (answer.kind !== 'not-always') throw new Error(answer.kind);
    expect([...answer.witness.keys()].sort()).toEqual(['D', 'H']);
    expect(numberOf(answer.witness, 'H') % 16).toBe(0);
    expect(answer.witness.get('H')).toBeGreaterThanOrEqual(20);
  });

  test('answers do not depend on what was asked before', () => {
    const ask = (): string => show(decideEqual(H.floorDiv(3).mul(3), H, given(atLeast(H, 5))));
    expect([ask(), ask()]).toEqual(['H = 5', 'H = 5']);
  });

  test('questions that get too large are unknown, not thrown', () => {
    const big = H.pow(9).mul(T.pow(7));
    const answer = decideEqual(big.floorDiv(7), D, given(equal(H, N.mul(N).add(T).add(1))));
    expect(['unknown', 'not-always']).toContain(answer.kind);
  });
});

describe('at least', () => {
  test.each<[string, Dim, Dim | number, Facts, string]>([
    ['the half', H, H.floorDiv(2), Facts.none, 'proved'],
    ['a product', N.mul(T), N, Facts.none, 'proved'],
    ['a window that may not fit', H.sub(3).floorDiv(2).add(1), 1, Facts.none, 'H = 1'],
    ['a window that fits', H.sub(3).floorDiv(2).add(1), 1, given(atLeast(H, 3)), 'proved'],
    ['a chain', N, M, given(atLeast(N, T), atLeast(T, M)), 'proved'],
    ['a multiple of a fact', N.mul(H), M.mul(H), given(atLeast(N, M)), 'proved'],
    ['a range', Dim.of(64), N, given(atLeast(N, 1), atLeast(64, N)), 'proved'],
    ['out of range', N, 65, given(atLeast(64, N)), 'never'],
    ['the maximum', v('a').max(v('b')), v('b'), Facts.none, 'proved'],
    ['the sum of two and their maximum', v('a').add(v('b')), v('a').max(v('b')).add(1), Facts.none, 'proved'],
    ['the quotient by a size', D, D.floorDiv(heads), Facts.none, 'proved'],
    ['the wrong way', N, M, given(atLeast(M, N.add(1))), 'never'],
  ])('%s', (_, a, b, facts, wanted) => {
    expect(show(decideAtLeast(a, dim(b), facts))).toBe(wanted);
  });
});

describe('divides', () => {
  test.each<[string, Dim | number, Dim, Facts, string]>([
    ['a coefficient', 4, H.mul(8).add(12), Facts.none, 'proved'],
    ['an odd constant', 2, H.mul(2).add(1), Facts.none, 'never'],
    ['consecutive numbers', 2, H.mul(H.add(1)), Facts.none, 'proved'],
    ['three of them', 6, H.mul(H.add(1)).mul(H.add(2)), Facts.none, 'proved'],
    ['no reason to', 4, H, Facts.none, 'H = 1'],
    ['a fact', 8, H, given(divides(16, H)), 'proved'],
    ['two facts make their least common multiple', 12, H, given(divides(4, H), divides(6, H)), 'proved'],
    ['a fact about a sum', 4, H.add(6), given(divides(4, H.add(2))), 'proved'],
    ['a size', heads, D.mul(N), given(divides(heads, D)), 'proved'],
    ['a size and a number', heads, D.mul(N), given(divides(heads, D), divides(64, D)), 'proved'],
    ['pairs inside a head', 2, D.floorDiv(heads), given(divides(heads, D), divides(2, D.floorDiv(heads))), 'proved'],
    ['a product', 4, N.mul(T).mul(M), given(divides(4, N.mul(T))), 'proved'],
    ['zero', 0, H, Facts.none, 'never'],
    ['a negative number', -2, H.mul(4), Facts.none, 'proved'],
  ])('%s', (_, divisor, value, facts, wanted) => {
    expect(show(decideDivides(dim(divisor), value, facts))).toBe(wanted);
  });
});

describe('facts', () => {
  const even = divides(2, H);
  test.each<[string, Facts, Fact | undefined]>([
    ['a size and its successor', given(equal(N, N.add(1))), equal(N, N.add(1))],
    ['even and three', given(even, equal(H, 3)), equal(H, 3)],
    ['even and odd', given(even, divides(2, H.add(1)), equal(N, 4)), divides(2, H.add(1))],
    ['an empty range', given(atLeast(N, 10), atLeast(5, N)), atLeast(5, N)],
    ['no multiple in the range', given(divides(16, H), atLeast(15, H)), atLeast(15, H)],
    ['a circle of differences', given(atLeast(N, T.add(1)), atLeast(T, N.add(1))), atLeast(T, N.add(1))],
    ['a circle of equalities', given(equal(N, T), equal(T, M), equal(M, N.add(1))), equal(M, N.add(1))],
    ['a multiple below its divisor', given(divides(heads, D), atLeast(heads, D.add(1))), atLeast(heads, D.add(1))],
    ['both orders', given(atLeast(N, T), atLeast(T, N)), undefined],
    ['nothing', Facts.none, undefined],
  ])('contradiction: %s', (_, facts, wanted) => {
    const found = facts.contradiction;
    expect(found && [found.kind, ...Object.values(found).map(String)]).toEqual(
      wanted && [wanted.kind, ...Object.values(wanted).map(String)],
    );
  });

  test('cyclic equalities end', () => {
    const facts = given(
      equal(N, T.mul(2)),
      equal(T, D.floorDiv(3)),
      equal(D, N.add(5)),
      equal(N.mul(T), D.mul(N)),
      equal(H, H.floorDiv(2).add(N)),
      equal(N.mul(T).mul(M), M.mul(M).add(N.mul(T))),
      equal(M.mul(M), N.mul(T).mul(2).add(M)),
    );
    expect(() => [facts.contradiction, facts.apply(N.mul(T).mul(M)).key]).not.toThrow();
  });

  test('facts past the limits teach nothing', () => {
    const facts = given(equal(N, T.pow(16)), divides(7, N.mul(N)), atLeast(N, 2));
    expect(show(decideAtLeast(N, dim(2), facts))).toBe('proved');
  });

  test('facts are immutable', () => {
    const one = given(even);
    const two = one.assume(equal(H, 3));
    expect([one.list.length, two.list.length, one.contradiction]).toEqual([1, 2, undefined]);
    expect(two.contradiction).toBeDefined();
  });
});

test('the checks of a 96-layer transformer are quick', () => {
  const facts = given(divides(heads, D));
  const start = performance.now();
  for (let i = 0; i < 96 * 40; i++) {
    expect(decideEqual(N.mul(T).mul(D), T.mul(N).mul(heads).mul(D.floorDiv(heads)), facts).kind).toBe('proved');
  }
  // It takes 0.3 s; the bound is for slow and busy machines and catches work that grows with the layers.
  expect(performance.now() - start).toBeLessThan(20_000);
});
