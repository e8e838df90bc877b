import { describe, expect, test } from 'vitest';
import { weightsOf } from '../../src/demand-options.js';
import { build, createMemoryHost } from '../../src/index.js';
import { prepareModel } from '../../src/prepare-model.js';
import { extremeChain, feedsOfChain } from '../kit/extreme-chains.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();
const x = { dtype: 'f32', shape: [1, 4], data: Float64Array.of(0.5, -1, 2, 0.25) } as const;

function bytesOf(source: string, options: Parameters<typeof build>[2]): Uint8Array {
  const { bytes, diagnostics } = build('m.arch', createMemoryHost({ 'm.arch': source }), options);
  return bytes ?? expect.fail(diagnostics.map(({ message }) => message).join('\n'));
}

const model = (weights: string, result: string): string =>
  `model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {\n  param w: Tensor[4, 4] = normal()\n  ${weights}\n  return ${result}\n}\n`;

describe('weights that are infinite, NaN or too small when they are computed ahead', () => {
  test.each([
    ['a zero among divisors', model('param s: Tensor[4] = [0, 1, 0, 2]', '(x @ w) / s')],
    ['an infinite factor', model('param s: Tensor[4] = 1', '(x @ w) * s * inf')],
    ['a factor that overflows', model('param s: Tensor[4] = 1e30', '(x * 1e-30) @ (w * s) * 1e30')],
    ['a divisor that makes numbers overflow', model('param s: Tensor[4] = 1e-30', '(x * 1e-25) @ w / s / 1e-20')],
    ['zeros before the product', model('param s: Tensor[4] = [0, 1, 1, 1]', '(x / s) @ w')],
    ['an infinite shift', model('param b: Tensor[4] = 0', '(x - inf) @ w + b')],
  ])('stay as they are: %s', async (_, source) => {
    const wanted = await ort.run(bytesOf(source, { optimize: 0 }), { x }, { optimization: 'disabled' });
    for (const target of ['cpu', 'webgpu', 'wasm'] as const) {
      const got = await ort.run(bytesOf(source, { target }), { x }, { optimization: 'disabled' });
      const rounded = (values: Float64Array | undefined) => [...(values ?? [])].map((value) => Number(value.toPrecision(4)));
      expect(rounded(got.y?.data)).toEqual(rounded(wanted.y?.data));
    }
  });

  test('do not stop a build in f16', () => {
    const source = 'model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {\n  param w: Tensor[4, 4] = 1\n  return (x / 0.00001) @ w\n}\n';
    for (const target of ['cpu', 'webgpu', 'wasm', 'cuda'] as const)
      expect(build('m.arch', createMemoryHost({ 'm.arch': source }), { target, dtype: 'f16' }).diagnostics).toEqual([]);
  });

  test('are named by --explain, and leave the other weights to be folded', () => {
    const source = model('param s: Tensor[4] = 0\n  param t: Tensor[4] = 2', '((x @ w) / s) @ transpose(w) * t');
    const settings = { target: 'cpu' } as const;
    const weights = weightsOf({});
    const { prepared } = prepareModel('m.arch', createMemoryHost({ 'm.arch': source }), { settings, weights });
    const events = prepared?.model.entries[0]?.history?.rules.map(({ rule, refusal }) => `${rule}: ${refusal ?? 'applied'}`);
    expect(events).toContain('fold-affine: the numbers computed from `w`, `s` would not be finite, or too small for their type');
    expect(events).toContain('fold-affine: applied');
    prepared?.weights.close();
  });

  test.each(Array.from({ length: 24 }, (_, seed) => seed))('change nothing in a random chain: %i', async (seed) => {
    const source = extremeChain(seed);
    const feeds = feedsOfChain(source);
    const wanted = await ort.run(bytesOf(source, { optimize: 0 }), feeds, { optimization: 'disabled' });
    const got = await ort.run(bytesOf(source, { target: 'cpu' }), feeds, { optimization: 'disabled' });
    const [right, found] = [wanted.y, got.y].map((array) => [...(array?.data ?? [])]) as [number[], number[]];
    const largest = right.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
    const wrong = right.findIndex((value, i) => {
      const other = found[i] as number;
      if (Number.isFinite(value)) return !(Math.abs(value - other) <= 1e-4 * largest);
      return !Number.isNaN(value) && Number.isNaN(other);
    });
    expect(wrong === -1 ? undefined : [wrong, right[wrong], found[wrong]], source).toBeUndefined();
  });
});
