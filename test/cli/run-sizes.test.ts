import { describe, expect, test } from 'vitest';
import { tensorOf } from '../../src/cli/run/numbers.js';
import { type InputSlot, resolveSizes } from '../../src/cli/run/sizes.js';
import { Report } from '../../src/diagnostics/report.js';
import { Dim } from '../../src/dims/dim.js';
import type { Fact } from '../../src/dims/facts.js';
import { parseFact, parseSize } from '../../src/dims/parse.js';

const N = Dim.variable('N');
const T = Dim.variable('T');
const P = Dim.variable('P');
const H = Dim.variable('H');

function slot(name: string, ...shape: Dim[]): InputSlot {
  return { name, dtype: 'f32', shape, span: { file: 'm.arch', start: 0, end: 0 } };
}

function resolve(slots: InputSlot[], given: Record<string, number[]>, bound: Record<string, number> = {}, facts: Fact[] = []) {
  const report = new Report();
  const tensors = Object.entries(given).map(
    ([name, shape]) => [name, tensorOf('f32', shape, new Float64Array(shape.reduce((a, b) => a * b, 1)))] as const,
  );
  const sizes = resolveSizes(slots, new Map(tensors), new Map(Object.entries(bound)), { facts }, report);
  return { sizes: sizes && Object.fromEntries(sizes), said: report.diagnostics.map((d) => `${d.code}: ${d.message}`) };
}

describe('resolveSizes', () => {
  test('takes names from given inputs, then from --bind, then makes some up', () => {
    const { sizes } = resolve([slot('a', N, T), slot('b', H)], { a: [2, 3] }, { H: 7 });
    expect(sizes).toEqual({ N: 2, T: 3, H: 7 });
    expect(resolve([slot('a', N)], {}).sizes).toEqual({ N: 4 });
  });

  test('two inputs that share a name must have one size there', () => {
    const { sizes, said } = resolve([slot('images', N, T), slot('labels', N)], { images: [4, 3], labels: [2] });
    expect(sizes).toBeUndefined();
    expect(said).toEqual(['input-sizes-conflict: `images` has N = 4, but `labels` has N = 2']);
  });

  test('one input may contradict itself, and --bind an input', () => {
    expect(resolve([slot('square', N, N)], { square: [4, 3] }).said).toEqual([
      'input-sizes-conflict: `square` has N = 4, but `square` has N = 3',
    ]);
    expect(resolve([slot('x', N)], { x: [4] }, { N: 3 }).said).toEqual(['input-sizes-conflict: `--bind` has N = 3, but `x` has N = 4']);
  });

  test('makes up sizes that keep what was left open, if there are any', () => {
    const open: Fact[] = [{ kind: 'at-least', left: T, right: Dim.of(20) }];
    const slots = [slot('a', N, T)];
    const choose = (bound: Record<string, number>) => {
      const report = new Report();
      const sizes = resolveSizes(slots, new Map(), new Map(Object.entries(bound)), { facts: [], open }, report);
      return { sizes: sizes && Object.fromEntries(sizes), said: report.diagnostics.length };
    };
    expect(choose({})).toEqual({ sizes: { N: 32, T: 32 }, said: 0 });
    expect(choose({ T: 3 })).toEqual({ sizes: { N: 4, T: 3 }, said: 0 });
  });

  test('solves a sum for the one name that is open', () => {
    expect(resolve([slot('ids', T), slot('mask', P.add(T))], { ids: [4], mask: [10] }).sizes).toEqual({ T: 4, P: 6 });
    expect(resolve([slot('x', H.mul(3))], { x: [12] }).sizes).toEqual({ H: 4 });
  });

  test('checks formulas once every name is known', () => {
    expect(resolve([slot('half', H.floorDiv(2)), slot('whole', H)], { half: [4], whole: [10] }).said).toEqual([
      'input-shape: the input `half` is [H // 2 = 5], but [4] was given',
    ]);
    expect(resolve([slot('x', H.mul(3))], { x: [13] }).said[0]).toMatch(/^input-shape: the input `x` is \[3\*H = /);
  });

  test('rank and fixed sizes must be those of the declaration', () => {
    expect(resolve([slot('x', N, Dim.of(3))], { x: [4] }).said).toEqual(['input-shape: the input `x` is [N, 3], but [4] was given']);
    expect(resolve([slot('x', N, Dim.of(3))], { x: [4, 2] }).said).toEqual(['input-shape: the input `x` is [N, 3], but [4, 2] was given']);
  });

  test('made-up sizes keep the facts; given ones that do not are reported', () => {
    const by16: Fact = { kind: 'divides', divisor: Dim.of(16), value: H };
    expect(resolve([slot('x', H)], {}, {}, [by16]).sizes).toEqual({ H: 16 });
    expect(resolve([slot('x', H)], { x: [30] }, {}, [by16]).said).toEqual([
      'size-breaks-fact: the model needs H % 16 == 0, which does not hold for H = 30',
    ]);
    const atMost: Fact = { kind: 'at-least', left: Dim.of(3), right: T };
    expect(resolve([slot('x', T)], {}, {}, [atMost]).sizes).toEqual({ T: 1 });
  });
});

describe('parseSize', () => {
  test.each([
    N,
    N.mul(T).add(3),
    H.add(31).floorDiv(32),
    H.sub(1).max(0),
    H.mul(4).floorDiv(3),
    H.pow(3).mul(2).sub(T),
    Dim.of(7),
    N.sub(4),
    H.floorDiv(T.add(1)),
  ])('reads %s as it was written', (size) => {
    expect(parseSize(size.toString())?.toString()).toBe(size.toString());
  });

  test.each(['batch size', 'floor(H)', '', '1 +', 'a b', 'H/2', 'floor(H/2)', '99999999999999999999', 'sin(H)'])(
    'leaves %j alone',
    (text) => {
      expect(parseSize(text)).toBeUndefined();
    },
  );

  test('reads facts', () => {
    expect(parseFact('H % 16 == 0')).toMatchObject({ kind: 'divides' });
    expect(parseFact('E == F')).toMatchObject({ kind: 'equal' });
    expect(parseFact('T <= 64')).toMatchObject({ kind: 'at-least' });
    expect(parseFact('nothing')).toBeUndefined();
  });
});
