import { describe, expect, it } from 'vitest';
import { expectSameResults, ruleEvents } from '../kit/optimized.js';
import { useOrt } from '../kit/ort.js';
import { modelOf } from '../kit/source.js';

const ort = useOrt();
const webgpu = { target: 'webgpu' } as const;

/** The operators of a model for a target with all optimizations, in order. */
function operators(source: string, target: 'webgpu' | 'cpu' | 'portable' = 'webgpu'): readonly string[] {
  return modelOf(source, { target, optimize: 2 }).onnx.nodes.map(({ opType }) => opType);
}

describe('an encoder for WebGPU', () => {
  const encoder = (options: string) => `model M(x: Tensor[2, 5, 16]) -> (y: Tensor[2, 5, 16]) {
    return x -> encoder: TransformerEncoder(2, heads = 4, ff = 32, act = gelu${options})
  }`;

  it('takes seven kernels a layer, with the same results', async () => {
    const { model } = await expectSameResults(ort, encoder(''), webgpu);
    const layer = ['Attention', 'MatMul', 'SkipLayerNormalization', 'MatMul', 'BiasGelu', 'MatMul', 'SkipLayerNormalization'];
    expect(model.onnx.nodes.map(({ opType }) => opType)).toEqual([...layer, ...layer]);
    expect(ruleEvents(model)).toMatchObject({
      'pack-attention': ['applied', 'applied'],
      'skip-layer-norm': ['applied', 'applied', 'applied', 'applied'],
      'bias-gelu': ['applied', 'applied'],
    });
  });

  it('takes as many if it normalizes first, where residual connections read the sum', async () => {
    const { model } = await expectSameResults(ort, encoder(', norm_first = true, final_norm = true'), webgpu);
    expect(model.onnx.nodes.map(({ opType }) => opType).filter((name) => name !== 'MatMul' && name !== 'Attention')).toEqual([
      'LayerNormalization',
      'SkipLayerNormalization',
      'BiasGelu',
      'SkipLayerNormalization',
      'SkipLayerNormalization',
      'BiasGelu',
      'SkipLayerNormalization',
    ]);
  });

  it('has none of these for other targets', () => {
    for (const target of ['cpu', 'portable'] as const)
      expect(operators(encoder(''), target).filter((name) => /Skip|BiasGelu/.test(name))).toEqual([]);
  });

  it('keeps open sizes', () => {
    const source = encoder('').replaceAll('[2, 5, 16]', '[N, T, 16]');
    expect(operators(source)).toEqual(operators(encoder('')));
  });
});

describe('pack-attention', () => {
  const attention = (body: string, mask = '') => `model M(x: Tensor[2, 5, 16]${mask}) -> (y: Tensor[2, 5, *S]) {
    let heads_of(x) = rearrange(x, [N, T, 4 * d] => [N, 4, T, d])
    ${body}
  }`;
  const joined = '-> rearrange([N, h, T, d] => [N, T, h * d])';
  const separate = 'q = x -> q: Linear(16)\n    k = x -> k: Linear(16, bias = false)\n    v = x -> v: Linear(16)';

  it.each([
    [
      'of separate projections, one of which has no bias',
      attention(`${separate}\n    return attention(heads_of(q), heads_of(k), heads_of(v)) ${joined}`),
    ],
    [
      'of one projection to all three, causal',
      attention(
        `(q, k, v) = x -> qkv: Linear(48) -> split(parts = 3, axis = -1)\n    return attention(heads_of(q), heads_of(k), heads_of(v), causal = true) ${joined}`,
      ),
    ],
    [
      'with a mask and a scale',
      attention(
        `${separate}\n    return attention(heads_of(q), heads_of(k), heads_of(v), mask, scale = 0.2) ${joined}`,
        ', mask: Tensor<bool>[2, 1, 1, 5]',
      ),
    ],
    [
      'whose heads are read separately',
      attention(
        `${separate}\n    return attention(heads_of(q), heads_of(k), heads_of(v))[:, :, :, 0..3] ${joined.replace('h * d', 'h * d')}`,
      ),
    ],
  ])('is one operator %s', async (_, source) => {
    const { model } = await expectSameResults(ort, source, webgpu);
    expect(ruleEvents(model)['pack-attention']).toEqual(['applied']);
    expect(model.onnx.nodes.map(({ opType }) => opType)).toContain('Attention');
  });

  it.each([
    ['another input for the keys', separate.replace('k = x', 'k = (x * x)'), undefined],
    ['fewer heads for the keys', separate.replace('k = x -> k: Linear(16, bias = false)', 'k = x -> k: Linear(8)'), undefined],
    ['queries that are read elsewhere', `${separate}\n    x = x + q`, ['something else reads the queries, keys or values']],
  ])('leaves %s', async (_, projections, events) => {
    const heads = projections.includes('Linear(8)')
      ? 'attention(heads_of(q), rearrange(k, [N, T, 2 * d] => [N, 2, T, d]), rearrange(v, [N, T, 2 * d] => [N, 2, T, d]))'
      : 'attention(heads_of(q), heads_of(k), heads_of(v))';
    const source = attention(`${projections.replace('v: Linear(16)', projections.includes('Linear(8)') ? 'v: Linear(8)' : 'v: Linear(16)')}
    return (${heads} ${joined}) + x`);
    const { model } = await expectSameResults(ort, source, webgpu);
    expect(ruleEvents(model)['pack-attention']).toEqual(events);
  });
});

describe('a bias of one number', () => {
  it.each([
    ['bias-gelu', 'gelu(x @ w + b)'],
    ['skip-layer-norm', '(x @ w + b) + x -> n: LayerNorm'],
  ])('is left to an addition by %s', async (rule, expression) => {
    const source = `model M(x: Tensor[2, 5, 16]) -> (y: Tensor[2, 5, 16]) {
      param w: Tensor[16, 16] = normal
      param b: Tensor[1] = 0.3
      return ${expression}
    }`;
    const { model } = await expectSameResults(ort, source, webgpu);
    expect(ruleEvents(model)[rule]).toEqual(rule === 'bias-gelu' ? undefined : ['applied']);
    expect(model.onnx.nodes.map(({ opType }) => opType)).toContain('Add');
  });
});

describe('skip-layer-norm', () => {
  it('keeps a sum that is read before the norm', async () => {
    const source = `model M(x: Tensor[2, 5, 16], z: Tensor[2, 5, 16]) -> (y: Tensor[2, 5, 16]) {
      s = x + z
      t = exp(s)
      return (s -> norm: LayerNorm) * t
    }`;
    const { model } = await expectSameResults(ort, source, webgpu);
    expect(ruleEvents(model)['skip-layer-norm']).toEqual(['something before the norm reads the sum']);
  });

  it('keeps a residual that is broadcast', async () => {
    const source = `model M(x: Tensor[2, 5, 16], z: Tensor[5, 16]) -> (y: Tensor[2, 5, 16]) { return x + z -> norm: LayerNorm }`;
    const { model } = await expectSameResults(ort, source, webgpu);
    expect(ruleEvents(model)['skip-layer-norm']).toBeUndefined();
  });
});
