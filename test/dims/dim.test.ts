import { describe, expect, test } from 'vitest';
import { Dim, DimError, DimLimitError } from '../../src/dims/dim.js';

const [N, T, C, D, H, heads, s] = ['N', 'T', 'C', 'D', 'H', 'heads', 's'].map((name) => Dim.variable(name)) as [
  Dim,
  Dim,
  Dim,
  Dim,
  Dim,
  Dim,
  Dim,
];

/** The output size of a convolution or pool. */
function conv(x: Dim, kernel: number, stride: number | Dim, padding: number): Dim {
  return x
    .add(2 * padding - kernel)
    .floorDiv(stride)
    .add(1);
}

describe('normal form', () => {
  test('ResNet-50 has one floor', () => {
    let x = conv(conv(H, 7, 2, 3), 3, 2, 1);
    for (let stage = 0; stage < 3; stage++) x = conv(conv(x, 3, 1, 1), 3, 2, 1);
    expect(String(x)).toBe('(H + 31) // 32');
    expect([224, 225].map((h) => x.evaluate(new Map([['H', h]])))).toEqual([7, 8]);
  });

  test('five pools are one', () => {
    let x = H;
    for (let i = 0; i < 5; i++) x = conv(x, 2, 2, 0);
    expect(String(x)).toBe('H // 32');
  });

  test('1,000 convolutions of stride 1 change nothing', () => {
    let x = H;
    for (let i = 0; i < 1000; i++) x = conv(x, 3, 1, 1);
    expect(x.equals(H)).toBe(true);
  });

  test('sums and products come in one order', () => {
    expect(N.mul(T).add(3).key).toBe(Dim.of(3).add(T.mul(N)).key);
    expect(
      N.add(T)
        .mul(N.sub(T))
        .equals(N.pow(2).sub(T.pow(2))),
    ).toBe(true);
    expect(N.sub(N).constant).toBe(0);
    expect(Object.is(N.mul(-1).mul(0).constant, 0)).toBe(true);
  });

  test('symbolic divisors', () => {
    expect(heads.mul(T).floorDiv(heads).equals(T)).toBe(true);
    expect(heads.mul(T).add(heads.mul(3)).floorDiv(heads).equals(T.add(3))).toBe(true);
    expect(H.mul(s).add(H).floorDiv(s.add(1)).equals(H)).toBe(true);
    expect(
      H.mul(6)
        .floorDiv(s.mul(4))
        .equals(H.mul(3).floorDiv(s.mul(2))),
    ).toBe(true);
    expect(
      H.floorDiv(s)
        .floorDiv(2)
        .equals(H.floorDiv(s.mul(2))),
    ).toBe(true);
    expect(
      H.sub(1)
        .floorDiv(s)
        .substitute(new Map([['s', Dim.one]]))
        .equals(H.sub(1)),
    ).toBe(true);
    expect(conv(H, 1, s, 0).equals(conv(H, 3, s, 1))).toBe(true);
  });

  test('rounding up has one form', () => {
    expect(H.ceilDiv(8).equals(H.neg().floorDiv(8).neg())).toBe(true);
    expect(H.ceilDiv(s).equals(H.add(s).sub(1).floorDiv(s))).toBe(true);
  });

  test('maxima know their bounds and their sign', () => {
    expect(H.max(1).equals(H)).toBe(true);
    expect(H.mod(2).min(1).equals(H.mod(2))).toBe(true);
    expect(H.max(T).equals(T.max(H))).toBe(true);
    expect(H.max(T).add(H.min(T)).equals(H.add(T))).toBe(true);
    expect(
      N.mul(H)
        .max(N.mul(T))
        .equals(N.mul(H.max(T))),
    ).toBe(true);
  });

  test('a padding that keeps the size, for stride 2', () => {
    const padding = H.ceilDiv(2).sub(1).mul(2).add(3).sub(H).max(0);
    expect(H.add(padding).sub(3).floorDiv(2).add(1).equals(H.ceilDiv(2))).toBe(true);
  });
});

describe('text', () => {
  test.each<[Dim, string]>([
    [Dim.of(-3), '-3'],
    [N, 'N'],
    [N.mul(4), '4*N'],
    [H.add(2), 'H + 2'],
    [Dim.of(3).sub(T), '3 - T'],
    [N.neg(), '-N'],
    [N.mul(T), 'N*T'],
    [T.sub(N.pow(2)), 'T - N**2'],
    [H.sub(7).floorDiv(s).add(1), '(H - 7) // s + 1'],
    [H.sub(1).floorDiv(s.mul(2)), '(H - 1) // (2*s)'],
    [H.floorDiv(s.add(1)), 'H // (s + 1)'],
    [N.mul(T).mul(C.floorDiv(4)), 'N*T*(C // 4)'],
    [D.mul(8).floorDiv(3), '8*D // 3'],
    [T.sub(H).floorDiv(32), '(T - H) // 32'],
    [H.floorDiv(2).add(1), 'H // 2 + 1'],
    [H.mod(2), 'H % 2'],
    [H.add(1).mod(4).add(T), '(H + 1) % 4 + T'],
    [H.ceilDiv(8).mul(8), '8*((H + 7) // 8)'],
    [T.sub(3).max(0), 'max(T - 3, 0)'],
    [T.max(3), 'max(T, 3)'],
    [T.min(3), 'min(T, 3)'],
    [T.max(H), 'max(H, T)'],
    [H.add(T.mul(2)).sub(D).floorDiv(2).add(1), '(H + 2*T - D) // 2 + 1'],
  ])('%s', (dim, text) => {
    expect(dim.toString()).toBe(text);
  });
});

describe('parts', () => {
  test('constants and bare variables', () => {
    expect([Dim.of(5).constant, N.constant, N.sub(N).add(2).constant]).toEqual([5, undefined, 2]);
    expect([N.variableName, N.mul(2).variableName, N.pow(2).variableName, H.floorDiv(2).variableName]).toEqual([
      'N',
      undefined,
      undefined,
      undefined,
    ]);
    expect([...N.mul(H.floorDiv(s)).variables()].sort()).toEqual(['H', 'N', 's']);
  });

  test('names that look like something else stay apart', () => {
    expect(Dim.variable('a*b').equals(Dim.variable('a').mul(Dim.variable('b')))).toBe(false);
    expect(Dim.variable('2').equals(Dim.of(2))).toBe(false);
  });

  test('substitution is simultaneous and normalises', () => {
    expect(
      String(
        N.sub(T).substitute(
          new Map([
            ['N', T],
            ['T', N],
          ]),
        ),
      ),
    ).toBe('T - N');
    expect(
      H.floorDiv(16)
        .substitute(new Map([['H', T.mul(16)]]))
        .equals(T),
    ).toBe(true);
    expect(N.substitute(new Map([['T', H]]))).toBe(N);
  });
});

describe('limits', () => {
  const sum = ['a', 'b', 'c', 'd'].reduce((total, name) => total.add(Dim.variable(name)), Dim.one);

  test('(a + b + c + d + 1)**12 is fine, **17 is not', () => {
    expect(sum.pow(12).terms.length).toBe(1820);
    expect(() => sum.pow(17)).toThrow(DimLimitError);
    expect(() => N.pow(17)).toThrow('degree above 16');
  });

  test('2**53 is too much, wherever it comes up', () => {
    const limit = Number.MAX_SAFE_INTEGER;
    expect(Dim.of(limit).sub(1).add(1).constant).toBe(limit);
    for (const step of [
      () => Dim.of(limit).add(1),
      () => Dim.of(2 ** 27).mul(2 ** 27),
      () => N.mul(limit).mul(2),
      () => Dim.of(10).pow(16),
    ]) {
      expect(step).toThrow(expect.objectContaining({ code: 'dim-overflow' }));
    }
    expect(() => N.mul(N).evaluate(new Map([['N', 2 ** 27]]))).toThrow(DimLimitError);
  });

  test('nesting that doubles the size at each step stops', () => {
    const bomb = (): Dim => {
      let x = H;
      for (let i = 0; i < 200; i++) x = x.mul(T).add(x).add(1).floorDiv(3);
      return x;
    };
    expect(bomb).toThrow(expect.objectContaining({ code: 'dim-too-large' }));
  });

  test('division by zero and by negative numbers', () => {
    for (const divisor of [0, -2]) {
      expect(() => H.floorDiv(divisor)).toThrow(DimError);
      expect(() => H.mod(divisor)).toThrow(expect.objectContaining({ code: 'division-by-zero' }));
    }
    expect(() =>
      H.floorDiv(T.sub(3)).evaluate(
        new Map([
          ['H', 5],
          ['T', 3],
        ]),
      ),
    ).toThrow(DimError);
  });
});
