import { describe, expect, test } from 'vitest';
import type { Initializer } from '../../src/3-graph/parameter.js';
import { sha256Hex } from '../../src/6-emit/sha256.js';
import { expOfNegative, log, normalCdfOfNegative, normalQuantile } from '../../src/6-emit/weights/init/elementary.js';
import { fanOf, gainOf } from '../../src/6-emit/weights/init/fan.js';
import { initialValues } from '../../src/6-emit/weights/init/initialize.js';
import { threefryBlock, threefryWords } from '../../src/6-emit/weights/init/threefry.js';
import { initializeWeights } from '../../src/6-emit/weights/initialize-weights.js';
import { wholeTensor } from '../../src/6-emit/weights/tensor-source.js';
import { Report } from '../../src/diagnostics/report.js';
import type { DType } from '../../src/ops/types.js';
import { parameter, type } from '../emit/graphs.js';
import { jsonFixture } from './fixture.js';

const reference = jsonFixture<{ fan: number[]; gains: Record<string, number>; quantiles: [number, number][]; cdf: [number, number][] }>(
  'init.json',
);

function bytesOf(init: Initializer, shape: readonly number[], name = 'w', seed = 0, dtype: DType = 'f32'): Uint8Array {
  return wholeTensor(initialValues(parameter(name, type(dtype, ...shape), init).parameter, seed));
}

function valuesOf(init: Initializer, shape: readonly number[], name = 'w', seed = 0): Float32Array {
  return new Float32Array(bytesOf(init, shape, name, seed).buffer);
}

function moments(values: Float32Array): { mean: number; std: number; min: number; max: number } {
  let sum = 0;
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    sum += value;
    squares += value * value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const mean = sum / values.length;
  return { mean, std: Math.sqrt(squares / values.length - mean * mean), min, max };
}

describe('Threefry2x32-20', () => {
  // Random123's kat_vectors.
  test.each([
    [[0, 0], [0, 0], '6b200159 99ba4efe'],
    [[0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '1cb996fc bb002be7'],
    [[0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3], 'c4923a9c 483df7a0'],
  ])('key %j, counter %j', ([low = 0, high = 0], [first = 0, second = 0], expected) => {
    const words = new Uint32Array(2);
    threefryBlock({ low, high }, first, second, words, 0);
    expect([...words].map((word) => word.toString(16).padStart(8, '0')).join(' ')).toBe(expected);
  });

  test('any part of the stream can be made on its own, even beyond 2^32 blocks', () => {
    const key = { low: 1, high: 2 };
    for (const start of [0, 2 ** 32 - 2]) {
      const all = new Uint32Array(64);
      threefryWords(key, start, all);
      const part = new Uint32Array(20);
      threefryWords(key, start + 3, part);
      expect(part).toEqual(all.slice(6, 26));
    }
  });
});

describe('functions that are equal on every engine', () => {
  test('logarithm and exponential', () => {
    for (let i = 1; i < 5000; i++) {
      const x = i * 3e-4;
      // One unit in the last place of the result for each of the two libraries.
      expect(Math.abs(log(x) - Math.log(x))).toBeLessThanOrEqual(2 * 2 ** -52 * Math.abs(Math.log(x)));
      expect(Math.abs(expOfNegative(-x * 400) / Math.exp(-x * 400) - 1)).toBeLessThanOrEqual(2 * 2 ** -52);
    }
    expect(expOfNegative(0)).toBe(1);
    expect(expOfNegative(-800)).toBe(0);
  });

  test.each(reference.quantiles)('the normal quantile of %d is %d', (p, expected) => {
    expect(Math.abs(normalQuantile(p) - expected)).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(expected)));
  });

  test.each(reference.cdf)('P(Z <= %d) is %d', (z, expected) => {
    // Far out, one rounding of z changes the result by z*z roundings, 1e-13 here.
    expect(Math.abs(normalCdfOfNegative(z) / expected - 1)).toBeLessThanOrEqual(1e-12);
  });
});

test('fans and gains are those of torch.nn.init', () => {
  expect(fanOf([6, 4, 3, 5])).toEqual({ in: reference.fan[0], out: reference.fan[1] });
  for (const [nonlinearity, gain] of Object.entries(reference.gains)) expect(gainOf(nonlinearity, 0.2)).toBe(gain);
  expect(gainOf('softmax', 0)).toBeUndefined();
});

describe('initial values', () => {
  const normal: Initializer = { kind: 'normal', mean: 0, std: 1 };

  test('are the same bits everywhere and forever', () => {
    // Recorded once. A change here changes the weights of everybody's models.
    expect(sha256Hex(bytesOf(normal, [1000], 'encoder.layers.3.weight', 42))).toMatchInlineSnapshot(
      `"09a1bcc6de7d3b81643d39b5748d5d598dbcfaeb8286b5e1f2ffed78f3111fed"`,
    );
    expect(sha256Hex(bytesOf({ kind: 'uniform', low: -1, high: 1 }, [1000], 'a', 0))).toMatchInlineSnapshot(
      `"56c76c6c1652b86e6e90d6886965270d8d4122f28d9912a4b8882134144ecd1b"`,
    );
    expect(sha256Hex(bytesOf({ kind: 'orthogonal', gain: 1 }, [8, 8], 'a', 0))).toMatchInlineSnapshot(
      `"7ec2359cdcbd49fa284c2240ce2a9e9809a866e2bb3c190d8209f72c1fe92758"`,
    );
    expect(sha256Hex(bytesOf({ kind: 'trunc_normal', mean: 0, std: 1, low: -2, high: 2 }, [1000], 'a', 0, 'bf16'))).toMatchInlineSnapshot(
      `"0371ff068068c7dced75a3a6f7363cb7f514b1dcbfb7a726976d1491a917c708"`,
    );
  });

  test('depend on the seed and the name, not on the shape or the other parameters', () => {
    expect(valuesOf(normal, [8], 'a', 1)).not.toEqual(valuesOf(normal, [8], 'a', 2));
    expect(valuesOf(normal, [8], 'a', 1)).not.toEqual(valuesOf(normal, [8], 'b', 1));
    expect(valuesOf(normal, [600_000]).slice(0, 8)).toEqual(valuesOf(normal, [2, 4]));
  });

  test('come in blocks that join without a seam', () => {
    const { blocks, length } = initialValues(parameter('w', type('f32', 3, 100_001), normal).parameter, 0);
    const all = [...blocks()];
    expect(all.length).toBeGreaterThan(1);
    expect(all.reduce((sum, block) => sum + block.length, 0)).toBe(length);
  });

  // 4 million draws: a mean is off by more than five of its deviations once in 3 million runs, and the seed is fixed.
  const count = 4_000_000;
  const tolerance = 5 / Math.sqrt(count);

  test('normal', () => {
    const { mean, std } = moments(valuesOf({ kind: 'normal', mean: 3, std: 0.5 }, [count]));
    expect(Math.abs(mean - 3)).toBeLessThan(0.5 * tolerance);
    expect(Math.abs(std - 0.5)).toBeLessThan(0.5 * tolerance);
  });

  test('normal values fall into the deciles evenly', () => {
    const values = valuesOf(normal, [count]);
    const edges = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map(normalQuantile);
    const counts = new Array<number>(10).fill(0);
    for (const value of values) {
      const bin = edges.findIndex((edge) => value < edge);
      counts[bin < 0 ? 9 : bin] = (counts[bin < 0 ? 9 : bin] ?? 0) + 1;
    }
    const chiSquare = counts.reduce((sum, n) => sum + (n - count / 10) ** 2 / (count / 10), 0);
    // 9 degrees of freedom: 33.7 is exceeded once in 10,000.
    expect(chiSquare).toBeLessThan(33.7);
  });

  test('normal values are as frequent in the tails and at the edges of the method as they should be', () => {
    const values = valuesOf(normal, [count]);
    // The lowest layer ends at 3.4426; the others are narrow near the top.
    for (const edge of [0.05, 0.27, 0.5, 1, 1.5, 2, 2.5, 3, 3.4, 3.4426, 3.5, 4, 4.5]) {
      const expected = 2 * normalCdfOfNegative(-edge);
      for (const sign of [-1, 1]) {
        const beyond = values.reduce((n, value) => (sign * value > edge ? n + 1 : n), 0);
        expect(Math.abs(beyond - (count * expected) / 2), `${sign * edge}`).toBeLessThan(5 * Math.sqrt((count * expected) / 2));
      }
    }
  });

  test('neighbours are not correlated', () => {
    const values = valuesOf(normal, [count]);
    for (const distance of [1, 2, 3, 4, 256]) {
      let sum = 0;
      for (let i = distance; i < count; i++) sum += (values[i] ?? 0) * (values[i - distance] ?? 0);
      expect(Math.abs(sum / count)).toBeLessThan(tolerance);
    }
  });

  test('uniform', () => {
    const { mean, std, min, max } = moments(valuesOf({ kind: 'uniform', low: -2, high: 4 }, [count]));
    expect(min).toBeGreaterThanOrEqual(-2);
    expect(max).toBeLessThan(4);
    expect(max - min).toBeGreaterThan(5.999);
    expect(Math.abs(mean - 1)).toBeLessThan((6 / Math.sqrt(12)) * tolerance);
    expect(Math.abs(std - 6 / Math.sqrt(12))).toBeLessThan((6 / Math.sqrt(12)) * tolerance);
  });

  test('trunc_normal stays within its bounds and has the variance of the truncated distribution', () => {
    const { mean, std, min, max } = moments(valuesOf({ kind: 'trunc_normal', mean: 1, std: 0.1, low: 0.8, high: 1.2 }, [count]));
    expect(min).toBeGreaterThanOrEqual(Math.fround(0.8));
    expect(max).toBeLessThanOrEqual(Math.fround(1.2));
    expect(Math.abs(mean - 1)).toBeLessThan(0.1 * tolerance);
    // 1 - 2*2*phi(2)/(2*Phi(2) - 1) = 0.7737413
    expect(Math.abs(std - 0.1 * Math.sqrt(0.7737413))).toBeLessThan(0.1 * tolerance);
  });

  test('trunc_normal far in a tail is decided, not searched', () => {
    for (const [low, high] of [
      [10, 11],
      [-31, -30],
      [100, 101],
    ] as const) {
      const { min, max } = moments(valuesOf({ kind: 'trunc_normal', mean: 0, std: 1, low, high }, [1000]));
      expect(min).toBeGreaterThanOrEqual(low);
      expect(max).toBeLessThanOrEqual(high);
    }
    const { mean } = moments(valuesOf({ kind: 'trunc_normal', mean: 0, std: 1, low: 10, high: 11 }, [100_000]));
    // The mean of the tail beyond 10 is 10.0981 (cut off at 11: the same to four digits), with a deviation of 0.096.
    expect(Math.abs(mean - 10.0981)).toBeLessThan(0.002);
  });

  test.each([
    [
      'kaiming_uniform',
      { kind: 'kaiming_uniform', a: Math.sqrt(5), mode: 'fan_in', nonlinearity: 'leaky_relu' },
      Math.sqrt(1 / 3) / Math.sqrt(60),
    ],
    ['kaiming_normal', { kind: 'kaiming_normal', a: 0, mode: 'fan_out', nonlinearity: 'relu' }, Math.SQRT2 / Math.sqrt(9000)],
    ['xavier_uniform', { kind: 'xavier_uniform', gain: 2 }, 2 * Math.sqrt(2 / 9060)],
    ['xavier_normal', { kind: 'xavier_normal', gain: 1 }, Math.sqrt(2 / 9060)],
  ] as const)('%s of a convolution has the deviation of its fan', (_, init, expected) => {
    // [out, in, h, w]: fan in 4*15, fan out 600*15.
    const values = valuesOf(init, [600, 4, 3, 5]);
    const { mean, std, max } = moments(values);
    expect(Math.abs(mean)).toBeLessThan((5 * expected) / Math.sqrt(values.length));
    expect(Math.abs(std / expected - 1)).toBeLessThan(5 / Math.sqrt(values.length));
    if (init.kind.endsWith('uniform')) expect(max).toBeLessThanOrEqual(Math.sqrt(3) * expected * (1 + 1e-6));
  });

  test.each([
    [[5, 5], 1],
    [[40, 7], 2],
    [[7, 40], 0.5],
    [[4, 3, 2, 2], 1],
  ])('orthogonal %j with gain %d', (shape, gain) => {
    const values = new Float64Array(bytesOf({ kind: 'orthogonal', gain }, shape, 'w', 0, 'f64').buffer);
    const [rows = 1] = shape;
    const columns = values.length / rows;
    const at = (i: number, j: number) => (rows < columns ? values[i * columns + j] : values[j * columns + i]) ?? 0;
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        let dot = 0;
        for (let j = 0; j < length; j++) dot += at(a, j) * at(b, j);
        expect(Math.abs(dot - (a === b ? gain * gain : 0))).toBeLessThan(1e-14 * gain * gain);
      }
    }
  });

  test.each(['f16', 'bf16', 'f64', 'i8', 'i64', 'u64', 'bool'] as const)('constants of type %s', (dtype) => {
    const sizes = { f16: 2, bf16: 2, f64: 8, i8: 1, i64: 8, u64: 8, bool: 1 };
    expect(bytesOf({ kind: 'zeros' }, [3], 'w', 0, dtype)).toEqual(new Uint8Array(3 * sizes[dtype]));
    const ones = Buffer.from(bytesOf({ kind: 'ones' }, [1], 'w', 0, dtype)).toString('hex');
    expect(ones).toBe(
      { f16: '003c', bf16: '803f', f64: '000000000000f03f', i8: '01', i64: '0100000000000000', u64: '0100000000000000', bool: '01' }[dtype],
    );
    // Out of range for the integers: never an error, never a wrap.
    expect(() => bytesOf({ kind: 'constant', value: -1e30 }, [1], 'w', 0, dtype)).not.toThrow();
  });

  test('a tensor without elements has no values', () => {
    expect(bytesOf({ kind: 'xavier_normal', gain: 1 }, [0, 4]).length).toBe(0);
  });

  test('an initializer that does not fit the shape is reported at the parameter', () => {
    const report = new Report();
    const sources = initializeWeights(
      [
        parameter('bias', type('f32', 8), { kind: 'xavier_uniform', gain: 1 }).parameter,
        parameter('w', type('f32', 8, 8), { kind: 'kaiming_normal', a: 0, mode: 'fan_in', nonlinearity: 'swish' }).parameter,
        parameter('u', type('f32', 8), { kind: 'uniform', low: 1, high: 0 }).parameter,
        parameter('ok', type('f32', 8), { kind: 'ones' }).parameter,
      ],
      0,
      report,
    );
    expect([...sources.keys()]).toEqual(['ok']);
    expect(report.diagnostics.map((d) => d.message).sort()).toEqual([
      '`kaiming_normal` knows no nonlinearity "swish"; `w` is [8, 8]',
      '`uniform` has its lower bound 1 above its upper bound 0; `u` is [8]',
      '`xavier_uniform` needs two axes at least, one for outputs and one for inputs; `bias` is [8]',
    ]);
  });
});

test('sha256 of FIPS 180-4, at the lengths where the padding changes', () => {
  const text = (s: string) => new TextEncoder().encode(s);
  expect(sha256Hex(text('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256Hex(text('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'))).toBe(
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  );
  expect(sha256Hex(new Uint8Array(0))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('sha256 is that of node:crypto for every length up to three blocks', async () => {
  const { createHash } = await import('node:crypto');
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff);
    expect(sha256Hex(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});
