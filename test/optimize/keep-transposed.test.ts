import { describe, expect, it } from 'vitest';
import { builtModel } from '../kit/model-run.js';
import { expectSameResults, ruleEvents } from '../kit/optimized.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

// Large enough that a second copy of the embedding is not stored.
const tied = (head: string, rest = '') => `model M(ids: Tensor<i64>[2, 3]${rest}) -> (y: Tensor[2, 3, *C]) {
    embed = Embedding(300, 8)
    x = ids -> embed
    return ${head}
  }`;

describe('keep-transposed', () => {
  it.each([
    ['the head of a tied embedding', tied('x @ embed.weight.T'), 'cpu'],
    ['a head that adds a bias', tied('x @ embed.weight.T + bias', ', bias: Tensor[300]'), 'cpu'],
    ['a head in wasm', tied('x @ embed.weight.T'), 'wasm'],
  ] as const)('multiplies by a weight as it is stored: %s', async (_, source, target) => {
    const { model } = await expectSameResults(ort, source, { target });
    expect(ruleEvents(model)['keep-transposed']).toEqual(['applied']);
    const operators = model.onnx.nodes.map(({ opType }) => opType);
    expect(operators).toContain('FusedMatMul');
    expect(operators).not.toContain('Transpose');
  });

  it.each([
    ['weights that nothing else reads, which are stored transposed', tied('x -> Linear(300, bias = false)'), 'cpu'],
    ['targets without the kernel', tied('x @ embed.weight.T'), 'webgpu'],
    ['files for every runtime', tied('x @ embed.weight.T'), 'portable'],
    ['products with a vector', tied('x + embed.weight[0] @ embed.weight.T @ embed.weight'), 'cpu'],
    ['what is not a weight', tied('x @ other.T', ', other: Tensor[5, 8]'), 'cpu'],
  ] as const)('leaves %s', async (_, source, target) => {
    const { model } = await expectSameResults(ort, source, { target });
    expect(ruleEvents(model)['keep-transposed']).toBeUndefined();
  });

  it('leaves rows of which there may be none', () => {
    const source = tied('x @ embed.weight.T').replaceAll('[2, 3', '[2, T - 1');
    const { model } = builtModel(source, { target: 'cpu', optimize: 2 });
    expect(ruleEvents(model)['keep-transposed']).toBeUndefined();
  });
});
