import { describe, expect, test } from 'vitest';
import { Dim, DimError } from '../../src/dims/dim.js';
import type { Fact } from '../../src/dims/fact.js';
import { demandText, factText } from '../../src/dims/fact-text.js';
import { keyOfFact } from '../../src/dims/facts.js';
import { parseFact, parseSize } from '../../src/dims/parse.js';
import { simplestForm } from '../../src/dims/simplest-form.js';
import { holdsAt } from '../../src/dims/witness.js';
import { modelOf } from '../kit/source.js';
import { ARITHMETIC_VARIABLES, arithmetic } from './arithmetic-generator.js';
import { build, Random } from './naive.js';

const [H, T, K] = ['H', 'T', 'K'].map((name) => Dim.variable(name)) as [Dim, Dim, Dim];

describe('sizes as text', () => {
  test.each([
    [H.add(1).floorDiv(2), '(H + 1) // 2'],
    [H.floorDiv(2).mul(2), '2*(H // 2)'],
    [H.mul(2).floorDiv(3), '2*H // 3'],
    [H.floorDiv(2).add(1), 'H // 2 + 1'],
    [H.floorDiv(2).neg(), '-(H // 2)'],
    [T.sub(H.floorDiv(2)), 'T - H // 2'],
    [T.mul(K).sub(H.floorDiv(T)), 'K*T - H // T'],
    [H.floorDiv(T.add(1)), 'H // (T + 1)'],
    [H.floorDiv(T.mul(2)), 'H // (2*T)'],
    [H.floorDiv(T).floorDiv(K), 'H // (K*T)'],
    [H.floorDiv(T).mul(H.floorDiv(T)), '(H // T)**2'],
    [H.mod(4), 'H % 4'],
    [H.add(3).mod(4).add(1), '(H + 3) % 4 + 1'],
    [H.max(3), 'max(H, 3)'],
    [H.mul(H), 'H**2'],
    [Dim.variable('c.width').mul(4), '4*c.width'],
  ])('%#: %s', (size, text) => {
    expect(String(size)).toBe(text);
    expect(parseSize(text, known)?.key).toBe(size.key);
  });

  test.each(['batch size', 'floor(H)', '', '1 +', 'a b', 'H/2', 'floor(H/2)', '99999999999999999999', 'sin(H)'])(
    'does not read %j',
    (text) => {
      expect(parseSize(text)).toBeUndefined();
    },
  );

  test('3,000 random sizes read back as what they are', () => {
    const random = new Random(20261130);
    for (let i = 0; i < 3_000; i++) {
      const size = drawn(random, false);
      if (size !== undefined) expect(parseSize(String(size), known)?.key, `${size}`).toBe(size.key);
    }
  });

  test('1,000 random sizes with divisors that are sizes read back as sizes with the same values', () => {
    const random = new Random(20261203);
    for (let i = 0; i < 1_000; i++) {
      const size = drawn(random, true);
      if (size === undefined || !divisorsArePositive(size)) continue;
      const read = parseSize(String(size), known);
      expect(
        POINTS.find((point) => read?.evaluate(point) !== size.evaluate(point)),
        String(size),
      ).toBeUndefined();
    }
  });

  test('400 random sizes are what the language reads from their text', () => {
    const random = new Random(20261201);
    const inputs = ARITHMETIC_VARIABLES.map((name) => `${name}_: Tensor[${name}]`).join(', ');
    for (let i = 0; i < 20; i++) {
      const sizes = Array.from({ length: 20 }, () => drawn(random, false) ?? Dim.one);
      // An axis has at least 1.
      const outputs = sizes.map((size, k) => `y${k}: Tensor[positive(${size})]`).join(', ');
      const values = sizes.map((size, k) => `y${k} = zeros([positive(${size})])`).join(', ');
      const source = `let positive(a) = max(a, 0) + 1\nmodel M(${inputs}) -> (${outputs}) { return (${values}) }`;
      const made = modelOf(source).onnx.outputs.map(({ type }) => type.shape[0]?.key);
      expect(made, source).toEqual(sizes.map((size) => size.max(0).add(1).key));
    }
  });
});

describe('facts as text', () => {
  const fact = (text: string): Fact => {
    const read = parseFact(text, known);
    if (read === undefined) throw new Error(`${text} is not read`);
    return read;
  };

  test.each(['T <= 64', '64 >= T', 'T < 64', 'T > 2', '(L + 1) % 4 == 0', 'E == F', 'H % 16 == 0', '512 % 10 == 0', '1 <= L // 4'])(
    'shows %s as it was written',
    (text) => {
      expect(factText(fact(text))).toBe(text);
    },
  );

  test.each([
    ['1 <= L // 4', 'L >= 4'],
    ['L // 4 - 1 >= 0', 'L >= 4'],
    ['(L // 4) // K >= 1', 'L // (4*K) >= 1'],
    ['H // 32 + 6 >= 7', 'H >= 32'],
    ['(H + 3) // 2 >= 4', 'H >= 5'],
    ['3 >= H // 4', 'H <= 15'],
    ['H - 1 >= 1', 'H >= 2'],
    ['64 >= T', 'T <= 64'],
    ['2*H >= 7', 'H >= 4'],
    ['7 >= 2*H', 'H <= 3'],
    ['H - K >= 1', 'H >= K + 1'],
    ['H + 3 - K >= 0', 'H + 3 >= K'],
    ['10 - H - K >= 0', 'H + K <= 10'],
    ['max(H - 3, 0) >= 2', 'H >= 5'],
    ['4 >= max(H - 3, 0)', 'H <= 7'],
    ['(L + 1) % 4 == 0', '(L + 1) % 4 == 0'],
  ])('says %s as %s', (text, simple) => {
    expect(demandText(fact(text))).toBe(simple);
  });

  test('reads a fact by its operator, and nothing else', () => {
    expect(parseFact('H % 16 == 0')).toMatchObject({ kind: 'divides' });
    expect(parseFact('E == F')).toMatchObject({ kind: 'equal' });
    expect(parseFact('T <= 64')).toMatchObject({ kind: 'at-least' });
    expect(parseFact('nothing')).toBeUndefined();
  });

  test('2,000 random demands read back as what they are, and their simplest form says the same', () => {
    const random = new Random(20261202);
    for (let i = 0; i < 2_000; i++) {
      const [left, right] = [drawn(random, false), drawn(random, false)];
      if (left === undefined || right === undefined || (i % 4 === 0 && right.bounds.min < 1)) continue;
      const demand: Fact =
        i % 4 === 0 ? { kind: 'divides', value: left, divisor: right } : { kind: i % 4 === 1 ? 'equal' : 'at-least', left, right };
      const simple = simplestForm(demand);
      const text = factText(simple);
      const read = parseFact(text, known);
      // `n - 3*(n // 3) == 0` is shown as `n % 3 == 0`.
      if (simple.kind !== 'equal' || read?.kind !== 'divides')
        expect(read === undefined ? undefined : keyOfFact(read), text).toBe(keyOfFact(simple));
      else
        expect(
          POINTS.find((point) => holdsAt(read, point) !== holdsAt(simple, point)),
          text,
        ).toBeUndefined();
      const differs = POINTS.find((point) => holdsAt(simple, point) !== holdsAt(demand, point));
      expect(differs, `${factText(demand)} as ${text}`).toBeUndefined();
    }
  });
});

/** Values of the variables of random sizes. */
const POINTS = [1, 2, 3, 5, 8, 13].flatMap((n) => [1, 2, 4, 9].flatMap((h) => [1, 3, 6].map((w) => new Map(Object.entries({ n, h, w })))));

function known(name: string): Dim {
  return Dim.variable(name);
}

function drawn(random: Random, symbolic: boolean): Dim | undefined {
  try {
    return build(arithmetic(random, 4, { extrema: random.unit() < 0.5, symbolic }));
  } catch (error) {
    if (error instanceof DimError) return undefined;
    throw error;
  }
}

/** Whether the language takes all divisors in a size. */
function divisorsArePositive(size: Dim): boolean {
  for (const atom of size.atoms()) {
    if (atom.kind === 'floor' && (atom.divisor.bounds.min < 1 || !divisorsArePositive(atom.divisor))) return false;
    if (atom.kind !== 'variable' && !divisorsArePositive(atom.value)) return false;
  }
  return true;
}
