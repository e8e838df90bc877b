import { describe, expect, test } from 'vitest';
import { Report } from '../../src/diagnostics/report.js';
import { Dim } from '../../src/dims/dim.js';
import type { Fact } from '../../src/dims/fact.js';
import type { InputSlot } from '../../src/runtime/pure/input-slots.js';
import { resolveSizes } from '../../src/runtime/pure/resolve-sizes.js';

const N = Dim.variable('N');
const T = Dim.variable('T');
const P = Dim.variable('P');
const H = Dim.variable('H');

function slot(name: string, ...shape: Dim[]): InputSlot {
  return { name, dtype: 'f32', shape, span: { file: 'm.arch', start: 0, end: 0 } };
}

function resolve(
  slots: InputSlot[],
  given: Record<string, number[]>,
  bound: Record<string, number> = {},
  facts: Fact[] = [],
  open: Fact[] = [],
) {
  const report = new Report();
  const shapes = Object.entries(given).map(([name, shape]) => [name, { shape }] as const);
  const sizes = resolveSizes(slots, new Map(shapes), { bound: new Map(Object.entries(bound)), empty: new Map() }, { facts, open }, report);
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
    const choose = (bound: Record<string, number>) => resolve(slots, {}, bound, [], open);
    expect(choose({})).toEqual({ sizes: { N: 32, T: 32 }, said: [] });
    expect(choose({ T: 3 })).toEqual({ sizes: { N: 4, T: 3 }, said: [] });
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

  test('an axis that is solved from one input may solve an axis of an input before it', () => {
    expect(resolve([slot('sum', N.add(T)), slot('t', T)], { sum: [7], t: [3] }).sizes).toEqual({ N: 4, T: 3 });
  });

  test('a bound size and a given one solve a product', () => {
    expect(resolve([slot('x', N.mul(T))], { x: [12] }, { N: 3 }).sizes).toEqual({ N: 3, T: 4 });
  });

  test('sizes that no value can give are reported with the formula', () => {
    expect(resolve([slot('t', T), slot('sum', N.add(T))], { t: [5], sum: [3] }).said).toEqual([
      'input-shape: the input `sum` is [N + T = 9], but [3] was given',
    ]);
  });

  test('a conflict shows where the first size comes from', () => {
    const report = new Report();
    const at = (name: string, start: number): InputSlot => ({ ...slot(name, N), span: { file: 'm.arch', start, end: start + 1 } });
    resolveSizes(
      [at('a', 3), at('b', 9)],
      new Map(Object.entries({ a: { shape: [2] }, b: { shape: [5] } })),
      { bound: new Map(), empty: new Map() },
      { facts: [], open: [] },
      report,
    );
    expect(report.diagnostics).toMatchObject([
      { code: 'input-sizes-conflict', span: { start: 9 }, notes: [{ span: { start: 3 }, text: 'N = 2 comes from here' }] },
    ]);
  });

  test('open demands give way to given sizes, and facts do not', () => {
    const demand: Fact = { kind: 'at-least', left: N, right: Dim.of(1000) };
    expect(resolve([slot('x', N)], {}, {}, [], [demand])).toEqual({ sizes: { N: 4 }, said: [] });
    expect(resolve([slot('x', N)], {}, {}, [demand]).said).toEqual([
      'size-breaks-fact: the model needs N >= 1000, which does not hold for any N that was tried',
    ]);
  });

  test('a fact about a name that no input has is not decided', () => {
    expect(resolve([slot('x', N)], {}, {}, [{ kind: 'equal', left: P, right: Dim.of(3) }]).sizes).toEqual({ N: 4 });
  });

  test('sizes are made up so that no axis is negative', () => {
    expect(resolve([slot('x', N.sub(20))], {}).sizes).toEqual({ N: 32 });
    expect(resolve([slot('x', N.sub(1000))], {}).said).toEqual([
      'size-breaks-fact: the model needs sizes of at least 0, which does not hold for ',
    ]);
  });

  test('inputs of fixed sizes need no names', () => {
    expect(resolve([slot('x', Dim.of(3))], {}).sizes).toEqual({});
  });
});
