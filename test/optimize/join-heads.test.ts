import { describe, expect, it } from 'vitest';
import { expectSameResults, ruleEvents } from '../kit/optimized.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

const parts = `q = x -> q: Linear(16)
    k = z -> k: Linear(16)
    v = z -> v: Linear(24)`;

function attention(call: string, { before = parts, mask = '' } = {}): string {
  return `model M(x: Tensor[2, 3, 16], z: Tensor[2, 5, 16]${mask}) -> (y: Tensor[2, 3, *C]) {
    let heads_of(x) = rearrange(x, [B, R, 4 * d] => [B, 4, R, d])
    ${before}
    return ${call} -> rearrange([B, h, R, d] => [B, R, h * d])
  }`;
}

describe('join-heads', () => {
  it.each([
    ['of other keys', attention('attention(heads_of(q), heads_of(k), heads_of(v))')],
    ['causal, with a scale', attention('attention(heads_of(q), heads_of(k), heads_of(v), causal = true, scale = 0.2)')],
    [
      'with a mask of keys, one of which leaves a query nothing',
      attention('attention(heads_of(q), heads_of(k), heads_of(v), mask)', { mask: ', mask: Tensor<bool>[2, 1, 1, 5]' }),
    ],
    [
      'with a mask for each head, causal',
      attention('attention(heads_of(q), heads_of(k), heads_of(v), mask, causal = true)', { mask: ', mask: Tensor<bool>[2, 4, 3, 5]' }),
    ],
    [
      'with fewer heads for the keys',
      attention('attention(heads_of(q), rearrange(k, [B, R, 2 * d] => [B, 2, R, d]), rearrange(v, [B, R, 2 * d] => [B, 2, R, d]))', {
        before: parts.replace('k: Linear(16)', 'k: Linear(8)').replace('24', '10'),
      }),
    ],
  ])('is one node without transposes: attention %s', async (_, source) => {
    const { model } = await expectSameResults(ort, source, { target: 'cpu' });
    expect(ruleEvents(model)['join-heads']).toEqual(['applied']);
    const operators = model.onnx.nodes.map(({ opType }) => opType);
    expect(operators).toContain('Attention');
    // That of the rows without a key, one for each head.
    const transposes = source.includes('[2, 4, 3, 5]') ? 1 : 0;
    expect(operators.filter((name) => name === 'Transpose')).toHaveLength(transposes);
  });

  it('leaves keys that something else reads', async () => {
    const source = attention('attention(heads_of(q), keys, heads_of(v)) + sum(keys)', { before: `${parts}\n    keys = heads_of(k)` });
    const { model } = await expectSameResults(ort, source, { target: 'cpu' });
    expect(ruleEvents(model)['join-heads']).toEqual(['something else reads the transposed queries, keys or values']);
  });

  it.each([
    ['keys that are not transposed', 'attention(heads_of(q), stored, stored)', 'cpu', undefined],
    ['targets whose kernels do not take it', 'attention(heads_of(q), heads_of(k), heads_of(v))', 'portable', 23],
    ['opsets without the operator', 'attention(heads_of(q), heads_of(k), heads_of(v))', 'cpu', 22],
  ] as const)('leaves %s', async (_, call, target, opset) => {
    const source = attention(call, { mask: ', stored: Tensor[2, 4, 5, 4]' });
    const { model } = await expectSameResults(ort, source, { target, opset });
    expect(ruleEvents(model)['join-heads']).toBeUndefined();
  });
});
