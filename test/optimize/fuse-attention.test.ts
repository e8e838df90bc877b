import { describe, expect, it } from 'vitest';
import type { Target } from '../../src/ops/targets.js';
import { randomInputs } from '../kit/model-run.js';
import { expectSameResults, ruleEvents } from '../kit/optimized.js';
import { useOrt } from '../kit/ort.js';
import { modelOf } from '../kit/source.js';

const ort = useOrt();

/** Attention that is written out; `scores` is made from `q`, `k` and `v`, which are `[3, 2, 5, 4]`. */
function written(
  scores: string,
  { inputs = '', result = 'softmax(scores, axis = -1) @ v', outputs = 'y: Tensor[3, 2, 5, 4]', heads = '[3, 2, 5, 4]' } = {},
): string {
  return `model M(q: Tensor[3, 2, 5, 4], k: Tensor[3, 2, 5, 4], v: Tensor${heads}${inputs}) -> (${outputs}) {
  ${scores}
  return ${result}
}`;
}

const rowMask = { inputs: ', mask: Tensor<bool>[3, 1, 1, 5]' };

describe('attention that is written out', () => {
  it.each([
    ['without a scale', written('scores = q @ k.T'), false],
    ['with divided scores', written('scores = q @ k.T / sqrt(4)'), false],
    ['with multiplied scores', written('scores = 0.5 * (q @ k.T)'), false],
    ['with scaled queries', written('scores = (q * 0.5) @ k.T'), false],
    ['with scaled queries and keys', written('scores = (q / 2) @ (k * 0.5).T'), false],
    ['on the last axis by its number', written('scores = q @ k.T', { result: 'softmax(scores, axis = 3) @ v' }), false],
    ['with a finite mask', written('scores = q @ k.T / 2 + where(mask, 0.0, -1e9)', rowMask), false],
    ['with a finite mask from arithmetic', written('scores = (1 - cast(mask, f32)) * -10000 + q @ k.T / 2', rowMask), false],
    ['with a mask that may keep nothing', written('scores = q @ k.T / 2 + where(mask, 0.0, -inf)', rowMask), true],
    ['with booleans that may keep nothing', written('scores = where(mask, q @ k.T / 2, -inf)', rowMask), true],
    ['with a mask of any numbers', written('scores = q @ k.T + bias', { inputs: ', bias: Tensor[2, 5, 5]' }), true],
    ['with keys that were not turned last', written('scores = q @ transpose(reshape(k, [3, 4, 2, 5]), perm = [0, 2, 1, 3])'), false],
  ])('%s is one operator on GPUs and on the CPU, with the same results', async (_, source, hasRest) => {
    for (const target of ['webgpu', 'cpu', 'cuda'] as const) {
      const { model } = await expectSameResults(ort, source, { target });
      expect(ruleEvents(model)['fuse-attention'], target).toEqual(['applied']);
      const types = model.onnx.nodes.map(({ opType }) => opType);
      expect(
        types.some((type) => type.endsWith('Attention')),
        target,
      ).toBe(true);
      expect(types).not.toContain('Softmax');
      expect(
        model.onnx.constants.some(({ array }) => array.data.some(Number.isNaN)),
        target,
      ).toBe(hasRest);
    }
  });

  it.each([
    ['numbers', 'scores = q @ k.T + where(kept, 0.0, -inf)'],
    ['booleans', 'scores = where(kept, q @ k.T, -inf)'],
  ])('stays NaN where a mask of %s keeps no key, and is right elsewhere', async (_, scores) => {
    const source = written(`kept = unsqueeze(x, [1, 2]) > 0\n  ${scores}`, { inputs: ', x: Tensor[3, 5]' });
    for (const target of ['webgpu', 'cpu'] as const) {
      const { bytes, plain, model } = await expectSameResults(ort, source, { target });
      const feeds = randomInputs(model);
      const x = feeds.x!;
      feeds.x!.data.set(x.data.map((value, i) => (i < 5 ? -1 : i < 10 ? 1 : value)));
      for (const file of [bytes, plain]) {
        const { y } = await ort.run(file, feeds, { optimization: 'disabled' });
        expect(Array.from(y!.data.slice(0, 40)).every(Number.isNaN)).toBe(true);
        expect(Array.from(y!.data.slice(40, 80)).every(Number.isFinite)).toBe(true);
      }
    }
  });

  it.each<[string, string, string]>([
    [
      'whose weights are an output',
      written('scores = q @ k.T\n  w = softmax(scores, axis = -1)', {
        result: '(w @ v, w)',
        outputs: 'y: Tensor[3, 2, 5, 4], w: Tensor[3, 2, 5, 5]',
      }),
      'something else reads the scores or the weights of the softmax',
    ],
    [
      'whose scores are read',
      written('raw = q @ k.T\n  scores = raw / 2', {
        result: '(softmax(scores, axis = -1) @ v, raw)',
        outputs: 'y: Tensor[3, 2, 5, 4], raw: Tensor[3, 2, 5, 5]',
      }),
      'something else reads the scores or the weights of the softmax',
    ],
    [
      'with a finite number for masked scores',
      written('scores = where(mask, q @ k.T, -1e9)', rowMask),
      'masked scores become a finite number; `attention` does not count them at all',
    ],
    ['with a negative scale', written('scores = q @ k.T * -1'), 'webgpu has no operator for it at opset 21'],
  ])('is left %s', async (_, source, reason) => {
    const { model } = await expectSameResults(ort, source, { target: 'webgpu' });
    expect(ruleEvents(model)['fuse-attention']).toEqual([reason]);
  });

  it.each([
    ['over another axis', written('scores = q @ k.T', { result: 'softmax(scores, axis = 2) @ v' })],
    ['with a scale that is not a number', written('scores = q @ k.T * s', { inputs: ', s: Tensor[]' })],
    ['with heads that are repeated', written('scores = q @ k.T', { heads: '[3, 1, 5, 4]' })],
    [
      'with three axes',
      'model M(q: Tensor[6, 5, 4], k: Tensor[6, 5, 4], v: Tensor[6, 5, 4]) -> (y: Tensor[6, 5, 4]) { return softmax(q @ k.T, axis = -1) @ v }',
    ],
    [
      'with a mask that widens the scores',
      'model M(q: Tensor[1, 2, 5, 4], k: Tensor[1, 2, 5, 4], v: Tensor[1, 2, 5, 4], b: Tensor[3, 1, 1, 5]) -> (y: Tensor[3, 2, 5, 4]) { return softmax(q @ k.T + b, axis = -1) @ v }',
    ],
  ])('is not looked at %s', async (_, source) => {
    const { model } = await expectSameResults(ort, source, { target: 'webgpu' });
    expect(ruleEvents(model)['fuse-attention']).toBeUndefined();
  });

  it('is packed with its projections on WebGPU, like the operator', () => {
    const source = (result: string) => `model M(x: Tensor[N, T, 16], mask: Tensor<bool>[N, T]) -> (y: Tensor[N, T, 16]) {
  bias = where(mask, 0.0, -1e9) -> unsqueeze([1, 2])
  q = x -> q: Linear(16) -> rearrange([N, T, 4 * d] => [N, 4, T, d])
  k = x -> k: Linear(16) -> rearrange([N, T, 4 * d] => [N, 4, T, d])
  v = x -> v: Linear(16) -> rearrange([N, T, 4 * d] => [N, 4, T, d])
  return ${result} -> rearrange([N, 4, T, d] => [N, T, 4 * d]) -> out: Linear(16)
}`;
    const types = (result: string) => modelOf(source(result), { target: 'webgpu', optimize: 2 }).onnx.nodes.map(({ opType }) => opType);
    expect(types('(softmax(q @ k.T / sqrt(4) + bias, axis = -1) @ v)')).toEqual(types('attention(q, k, v, bias)'));
  });

  it.each<[Target, number]>([
    ['portable', 21],
    ['portable', 23],
    ['wasm', 21],
  ])('is left where %s has no operator for it, with opset %d', (target, opset) => {
    const model = modelOf(written('scores = q @ k.T'), { target, opset, optimize: 1 });
    expect(ruleEvents(model)['fuse-attention']).toEqual([`${target} has no operator for it at opset ${opset}`]);
  });

  it('is left at -O0', () => {
    expect(ruleEvents(modelOf(written('scores = q @ k.T'), { target: 'webgpu', optimize: 0 }))['fuse-attention']).toBeUndefined();
  });
});
