import { expect, test } from 'vitest';
import { ndArray } from '../../src/ops/nd/array.js';
import type { NdArray } from '../../src/ops/types.js';
import { relativeError } from '../kit/fixtures.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { randomNumbers } from '../kit/random.js';

/**
 * Attention with the keys and values of earlier steps, which are empty at first. A position attends to all positions up to the end of its step.
 */
const source = `
model Step(D = 8, heads = 2)(
  x: Tensor[N, T, D], past_k: Tensor[N, heads, P, D / heads], past_v: Tensor[N, heads, P, D / heads]
) -> (y: Tensor[N, T, D], k: Tensor[N, heads, P + T, D / heads], v: Tensor[N, heads, P + T, D / heads])
  where D % heads == 0, P >= 0
{
  let heads_of(x) = rearrange(x, [N, T, heads * d] => [N, heads, T, d])
  q = x -> q: Linear(D) -> heads_of
  k = concat(past_k, x -> k: Linear(D) -> heads_of, axis = 2)
  v = concat(past_v, x -> v: Linear(D) -> heads_of, axis = 2)
  y = attention(q, k, v) -> rearrange([N, heads, T, d] => [N, T, heads * d]) -> o: Linear(D)
  return (y, k, v)
}`;

const ort = useOrt();

test.each(['portable', 'cpu', 'webgpu'] as const)(
  'a cache that begins empty gives what all positions at once give, for %s',
  async (target) => {
    const { bytes } = builtModel(source, { target, ...(target === 'cpu' ? { opset: 23 } : {}) });
    const random = randomNumbers(5);
    const x = ndArray(
      'f32',
      [2, 6, 8],
      Float64Array.from({ length: 96 }, () => Math.fround(random() - 0.5)),
    );
    const empty = ndArray('f32', [2, 2, 0, 4], new Float64Array(0));
    const first = await ort.run(bytes, { x: positions(x, 0, 4), past_k: empty, past_v: empty });
    const next = await ort.run(bytes, { x: positions(x, 4, 6), past_k: first.k as NdArray, past_v: first.v as NdArray });
    const whole = await ort.run(bytes, { x, past_k: empty, past_v: empty });
    expect(first.k?.shape).toEqual([2, 2, 4, 4]);
    expect(next.v?.shape).toEqual([2, 2, 6, 4]);
    expect(relativeError(next.k as NdArray, whole.k as NdArray)).toBeLessThanOrEqual(1e-6);
    expect(relativeError(next.y as NdArray, positions(whole.y as NdArray, 4, 6))).toBeLessThanOrEqual(1e-6);
    // Without the cache the last two positions see only themselves.
    const alone = await ort.run(bytes, { x: positions(x, 4, 6), past_k: empty, past_v: empty });
    expect(relativeError(alone.y as NdArray, positions(whole.y as NdArray, 4, 6))).toBeGreaterThan(0.01);
  },
);

/** Some positions of `[N, T, D]`. */
function positions({ dtype, shape, data }: NdArray, from: number, to: number): NdArray {
  const [batch = 0, length = 0, width = 0] = shape;
  const rows = Array.from({ length: batch }, (_, n) => [...data.subarray((n * length + from) * width, (n * length + to) * width)]);
  return ndArray(dtype, [batch, to - from, width], Float64Array.from(rows.flat()));
}
