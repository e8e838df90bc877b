import { describe, expect, it } from 'vitest';
import { Dim, DimError } from '../../src/dims/dim.js';
import type { Fact } from '../../src/dims/fact.js';
import { Facts } from '../../src/dims/facts.js';
import { KnownSizes } from '../../src/dims/known-sizes.js';
import { arithmetic } from './arithmetic-generator.js';
import { build, type Expr, evaluate, Random } from './naive.js';
import { asFact, fact, GRID, holds } from './statements.js';

const [H, W, D, heads] = ['H', 'W', 'D', 'heads'].map((name) => Dim.variable(name)) as [Dim, Dim, Dim, Dim];

function knownUnder(...facts: readonly Fact[]): KnownSizes {
  return new KnownSizes(facts.reduce((all, one) => all.assume(one), Facts.none));
}

/** `H % 32 == 0`. */
const halves = knownUnder({ kind: 'divides', divisor: Dim.of(32), value: H });

describe('sizes in terms of the variables that facts leave open', () => {
  it('are numbers where the facts decide them', () => {
    const half = H.ceilDiv(2);
    const padding = half.sub(1).mul(2).add(3).sub(H).max(0);
    expect(halves.known(padding).constant).toBe(1);
    expect(halves.known(H.mod(8)).constant).toBe(0);
    expect(knownUnder({ kind: 'at-least', left: H, right: Dim.of(7) }).known(Dim.of(7).sub(H).max(0)).constant).toBe(0);
    expect(knownUnder({ kind: 'equal', left: H, right: W }).known(H.sub(W).add(3)).constant).toBe(3);
    expect(knownUnder({ kind: 'equal', left: H, right: Dim.of(64) }).known(H.floorDiv(2)).constant).toBe(32);
  });

  it('are equal where the facts make them equal', () => {
    expect(halves.known(H.ceilDiv(2)).equals(halves.known(H.floorDiv(2)))).toBe(true);
    expect(halves.known(H.ceilDiv(2)).equals(halves.known(H.floorDiv(4).mul(2)))).toBe(true);
    expect(halves.known(H.ceilDiv(64)).equals(halves.known(H.floorDiv(64)))).toBe(false);
  });

  it('are shown in the names of the model', () => {
    const shown = (sizes: KnownSizes, size: Dim) => String(sizes.written(sizes.known(size)));
    expect(shown(halves, H)).toBe('H');
    expect(shown(halves, H.ceilDiv(2))).toBe('H // 2');
    expect(shown(halves, H.floorDiv(2).mul(2))).toBe('H');
    expect(shown(halves, H.ceilDiv(4).mul(W).add(3))).toBe('H*W // 4 + 3');
    expect(shown(halves, H.ceilDiv(64))).toBe('(H + 32) // 64');
    const odd = knownUnder({ kind: 'divides', divisor: Dim.of(4), value: H.sub(1) });
    expect(shown(odd, H)).toBe('H');
    expect(shown(odd, H.floorDiv(4))).toBe('(H + 3) // 4 - 1');
    const split = knownUnder({ kind: 'divides', divisor: heads, value: D });
    expect(shown(split, D.floorDiv(heads).mul(heads))).toBe('D');
    expect(shown(split, D.floorDiv(heads))).toBe('D // heads');
  });

  it('stay as they are under facts that contradict each other', () => {
    const none = knownUnder({ kind: 'equal', left: H, right: Dim.of(2) }, { kind: 'equal', left: H, right: Dim.of(3) });
    expect(none.known(H.floorDiv(2)).equals(H.floorDiv(2))).toBe(true);
  });
});

it('have the same values as before, at all points of a grid where random facts hold', () => {
  const random = new Random(20261201);
  const wrong: string[] = [];
  let compared = 0;
  let changed = 0;
  for (let round = 0; round < 100; round++) {
    const stated = Array.from({ length: random.between(1, 3) }, () => fact(random));
    const sizes = knownUnder(...stated.map(asFact));
    const points = GRID.filter((env) => stated.every((one) => holds(one, env) === true));
    for (let i = 0; i < 4; i++) {
      const tree = renamed(arithmetic(random, 3, { extrema: true, symbolic: i % 2 === 1 }));
      let shown: Dim;
      try {
        const size = build(tree);
        shown = sizes.written(sizes.known(size));
        if (!shown.equals(size)) changed++;
      } catch (error) {
        // The size is beyond the limits, or is a quotient by a size that may be negative.
        if (error instanceof DimError) continue;
        throw error;
      }
      for (const name of shown.variables()) expect(['p', 'q', 'r']).toContain(name);
      for (const point of points) {
        const wanted = evaluate(tree, point);
        if (Number.isNaN(wanted)) continue;
        if (shown.evaluate(new Map(Object.entries(point))) !== wanted) wrong.push(`${shown} is not ${wanted} at ${JSON.stringify(point)}`);
        compared++;
      }
    }
  }
  console.log(`${compared} values compared; ${changed} sizes were written differently`);
  expect(wrong).toEqual([]);
  expect(changed).toBeGreaterThan(50);
  expect(compared).toBeGreaterThan(10_000);
});

/** The same expression in the names that the facts are about. */
function renamed(tree: Expr): Expr {
  if (tree.op === 'variable') return { op: 'variable', name: { n: 'p', h: 'q', w: 'r' }[tree.name] ?? tree.name };
  return tree.op === 'integer' ? tree : { op: tree.op, a: renamed(tree.a), b: renamed(tree.b) };
}
