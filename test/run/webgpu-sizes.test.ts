import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../src/ops/types.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();

/** Zeros of these sizes. */
const zeros = (dtype: 'f32' | 'i64', ...shape: readonly number[]): NdArray => ({
  dtype,
  shape,
  data: new Float64Array(shape.reduce((a, b) => a * b, 1)),
});

describe.runIf(webgpu)('sizes that are computed while a model runs on WebGPU', () => {
  it('are those of the run where several are wanted at once', async () => {
    const { bytes } = builtModel(
      `model M(memory: Tensor[N, S, 4], x: Tensor<i64>[N, T], past: Tensor[N, P, 4], old: Tensor[N, E, 4])
  -> (q: Tensor<i64>[T], rest: Tensor[N, S - E, 4], both: Tensor[N, P + E, 4], middle: Tensor[N, (S + T) // 2, 4]) where E < S, T <= S
{
  return (
    q = range(P + T, start = P),
    rest = memory[:, E..],
    both = concat(past, old, axis = 1),
    middle = memory[:, (S - T + 1) // 2..],
  )
}
`,
      { target: 'webgpu' },
    );
    const ramp = { ...zeros('f32', 1, 5, 4), data: Float64Array.from({ length: 20 }, (_, i) => i) };
    const feeds = { memory: ramp, x: zeros('i64', 1, 2), past: zeros('f32', 1, 3, 4), old: zeros('f32', 1, 2, 4) };
    for (const provider of ['cpu', 'webgpu'] as const) {
      const { q, rest, both, middle } = await ort.run(bytes, feeds, { provider });
      expect(q?.data, provider).toEqual(Float64Array.of(3, 4));
      expect(rest?.data, provider).toEqual(ramp.data.slice(8));
      expect(both?.shape, provider).toEqual([1, 5, 4]);
      expect(middle?.data, provider).toEqual(ramp.data.slice(8));
    }
  });
});
