import { describe, expect, test } from 'vitest';
import { ndArray } from '../../src/ops/nd/array.js';
import { difference } from '../kit/close.js';
import { builtModel, randomInputs } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { profiled } from '../kit/profile.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();

/** An encoder of two layers with separate projections for queries, keys and values. */
function encoder(options = ''): string {
  return `layer Attention(heads: int)(x: Tensor[N, T, D]) -> Tensor[N, T, D] where D % heads == 0 {
    let heads_of(x) = rearrange(x, [N, L, heads * d] => [N, heads, L, d])
    q = x -> q: Linear(D, bias = false) -> heads_of
    k = x -> k: Linear(D, bias = false) -> heads_of
    v = x -> v: Linear(D, bias = false) -> heads_of
    return attention(q, k, v${options}) -> rearrange([N, heads, T, d] => [N, T, heads * d]) -> o: Linear(D)
  }
  layer Layer(x: Tensor[N, T, D]) -> Tensor[N, T, D] where D % 4 == 0 {
    x = x + attention: Attention(4)(x) -> norm1: LayerNorm
    return x + (x -> up: Linear(4 * D) -> gelu -> down: Linear(D)) -> norm2: LayerNorm
  }
  model M(x: Tensor[N, T, 256]) -> (y: Tensor[N, T, 256]) {
    for i in 0..2 { x = x -> layers[i]: Layer }
    return x
  }`;
}

describe.each(['', ', causal = true'])('an encoder of two layers%s', (options) => {
  test('transposes only weights and reshapes nothing for WebGPU and CUDA', () => {
    for (const target of ['webgpu', 'cuda'] as const) {
      const { nodes, parameters } = builtModel(encoder(options), { target }).model.onnx;
      const weights = new Set(parameters.map(({ value }) => value.name));
      const moved = nodes.filter(({ opType, inputs }) => /^(?:Transpose|Reshape)$/.test(opType) && !weights.has(inputs[0]?.name ?? ''));
      expect(moved.map(({ name }) => name)).toEqual([]);
      expect(nodes.filter(({ opType }) => opType === 'MultiHeadAttention')).toHaveLength(2);
    }
  });

  // With known sizes, ONNX Runtime would rewrite products with a bias as Gemm between reshapes.
  test.runIf(webgpu)(
    'takes at most 20 kernels on WebGPU, with the results of the CPU',
    async () => {
      const { bytes } = builtModel(encoder(options), { target: 'webgpu' });
      const feeds = {
        x: ndArray(
          'f32',
          [2, 5, 256],
          Float64Array.from({ length: 2 * 5 * 256 }, (_, i) => Math.fround(Math.sin(i))),
        ),
      };
      const run = profiled(bytes, feeds, { executionProviders: ['webgpu'] });
      expect(run.filter(({ provider }) => provider !== 'WebGpuExecutionProvider')).toEqual([]);
      expect(run.length).toBeLessThanOrEqual(20);
      const { y } = await ort.run(bytes, feeds, { provider: 'webgpu', strict: true, timeout: 120_000 });
      const { y: wanted } = await ort.run(builtModel(encoder(options)).bytes, feeds);
      expect(y === undefined || wanted === undefined ? 'no output' : difference(y, wanted, 1e-4)).toBe(undefined);
    },
    180_000,
  );
});

test.runIf(webgpu)('an RMS norm is one kernel on WebGPU', () => {
  const source = 'model M(x: Tensor[2, 3, 8], w: Tensor[8]) -> (y: Tensor[2, 3, 8]) { return rms_norm(x, w) }';
  for (const opset of [21, 23]) {
    const { model, bytes } = builtModel(source, { target: 'webgpu', opset });
    expect(profiled(bytes, randomInputs(model), { executionProviders: ['webgpu'] }).map(({ opType }) => opType)).toEqual([
      opset < 23 ? 'SimplifiedLayerNormalization' : 'RMSNormalization',
    ]);
  }
});

describe('an encoder of two layers from the library', () => {
  const shapes = ['[2, 5, 64]', '[N, T, 64]'];
  // The second encoder has five norms, one of which comes before everything else.
  const orders = [
    ['', 14],
    [', norm_first = true, final_norm = true', 15],
  ] as const;

  test.runIf(webgpu).each(shapes.flatMap((shape) => orders.map(([options, count]) => [shape, options, count] as const)))(
    'of %s%s takes %i kernels on WebGPU, all of them on the GPU',
    async (shape, options, count) => {
      const source = `model M(x: Tensor${shape}) -> (y: Tensor${shape}) {
        return x -> encoder: TransformerEncoder(2, heads = 4, ff = 256, act = gelu${options})
      }`;
      const data = Float64Array.from({ length: 2 * 5 * 64 }, (_, i) => Math.fround(Math.sin(i)));
      const feeds = { x: ndArray('f32', [2, 5, 64], data) };
      const { bytes } = builtModel(source, { target: 'webgpu' });
      const { outputs, nodes } = await ort.trace(bytes, feeds, { provider: 'webgpu', timeout: 120_000 });
      expect(nodes.filter(({ provider }) => provider !== 'WebGpuExecutionProvider')).toEqual([]);
      expect(nodes.length).toBe(count);
      const { y: wanted } = await ort.run(builtModel(source).bytes, feeds);
      expect(wanted === undefined || outputs.y === undefined ? 'no output' : difference(outputs.y, wanted, 1e-4)).toBe(undefined);
    },
    180_000,
  );
});
