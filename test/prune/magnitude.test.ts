import { describe, expect, it } from 'vitest';
import { initialWeights, prunedWeights, pruneText, type Weight } from '../kit/pruned.js';
import { complaints } from '../kit/source.js';

const source = `model M(x: Tensor[N, 8]) -> (y: Tensor[N, 4]) {
  return x -> fc1: Linear(16) -> relu -> fc2: Linear(4)
}
`;
const weights = initialWeights(source);

function zerosOf({ data }: Weight): number {
  return data.filter((value) => value === 0).length;
}

describe('magnitude pruning', () => {
  it('sets the smallest share of each matrix to zero, and nothing else', () => {
    const { weights: pruned, report } = prunedWeights(source, weights, { sparsity: 0.25 });
    for (const name of ['fc1.weight', 'fc2.weight']) {
      const [before, after] = [weights[name] as Weight, pruned[name] as Weight];
      const order = [...before.data.keys()].sort((a, b) => Math.abs(before.data[a] ?? 0) - Math.abs(before.data[b] ?? 0));
      const gone = new Set(order.slice(0, before.data.length / 4));
      expect(after.shape).toEqual(before.shape);
      expect([...after.data]).toEqual([...before.data].map((value, i) => (gone.has(i) ? 0 : value)));
    }
    for (const name of ['fc1.bias', 'fc2.bias']) expect(pruned[name]).toEqual(weights[name]);
    expect(report.weights.map(({ name, zeros }) => [name, zeros])).toEqual([
      ['fc1.weight', 32],
      ['fc1.bias', 0],
      ['fc2.weight', 16],
      ['fc2.bias', 0],
    ]);
    const [all, fc1] = report.entries[0]?.layers ?? [];
    expect(all).toMatchObject({ scope: 'model', sparsity: 48 / 212, from: { parameters: 212 }, to: { parameters: 212 } });
    expect(fc1).toMatchObject({ path: 'fc1', sparsity: 32 / 144 });
  });

  it('sets the smallest elements of all weights to zero if the scope is global', () => {
    const { weights: pruned } = prunedWeights(source, weights, { sparsity: 0.5, scope: 'global' });
    const all = ['fc1.weight', 'fc2.weight'].flatMap((name) => [...(weights[name] as Weight).data]);
    const limit = all.map(Math.abs).sort((a, b) => a - b)[all.length / 2] ?? 0;
    for (const name of ['fc1.weight', 'fc2.weight']) {
      const { data } = weights[name] as Weight;
      expect([...(pruned[name] as Weight).data]).toEqual([...data].map((value) => (Math.abs(value) < limit ? 0 : value)));
    }
  });

  it.each([
    [0, 0],
    [1, 128],
    [0.004, 1],
  ])('of a share of %d, %i of 128 elements go', (sparsity, zeros) => {
    const { weights: pruned } = prunedWeights(source, weights, { sparsity, only: ['fc1'] });
    expect(zerosOf(pruned['fc1.weight'] as Weight)).toBe(zeros);
    expect(pruned['fc2.weight']).toEqual(weights['fc2.weight']);
  });

  it('takes the first of several equal elements', () => {
    const same = { ...weights, 'fc2.weight': { shape: [4, 16], data: new Float64Array(64).fill(-0.5) } };
    const { weights: pruned } = prunedWeights(source, same, { sparsity: 0.5, only: ['fc2.weight'] });
    expect([...(pruned['fc2.weight'] as Weight).data]).toEqual([...Array(32).fill(0), ...Array(32).fill(-0.5)]);
  });

  it('reports a pattern that matches nothing at its place', () => {
    const result = pruneText(source, weights, { sparsity: 0.5, only: ['fc1', 'fc3'] });
    expect(complaints(result)).toEqual(['unmatched-pattern@1']);
    expect(result.diagnostics[0]?.span.file).toBe('--only fc3');
    expect(result.bytes).toBeUndefined();
  });

  it.each([{ sparsity: 0.5 }, { to: { D: '3' } }])('reports a weight that the type of the model cannot hold: %o', (options) => {
    const narrow = 'model M(D = 4)(x: Tensor[N, 3]) -> (y: Tensor[N, 3]) { return x -> up: Linear(D) -> relu -> down: Linear(3) }\n';
    const large = { ...initialWeights(narrow), 'up.weight': { shape: [4, 3], data: new Float64Array(12).fill(1e6) } };
    expect(complaints(pruneText(narrow, large, { ...options, dtype: 'f16' }))).toEqual(['weights-value@1']);
  });

  it.each([
    [{}, /either to smaller sizes/],
    [{ sparsity: 0.5, to: { D: '3' } }, /either to smaller sizes/],
    [{ sparsity: 1.5 }, /from 0 to 1, not 1.5/],
    [{ sparsity: Number.NaN }, /from 0 to 1, not NaN/],
    [{ to: { D: '3' }, only: ['fc1'] }, /so they need `sparsity`/],
    [{ sparsity: 0.5, scope: 'layer' as never }, /each or global, not "layer"/],
  ])('refuses %o', (options, message) => {
    expect(() => pruneText(source, weights, options)).toThrow(message);
  });
});
