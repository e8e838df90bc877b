import { describe, expect, it } from 'vitest';
import { build } from '../../src/build.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { initialWeights, type Pruning, prunedWeights, pruneText, weightsFile } from '../kit/pruned.js';
import { complaints, rendered } from '../kit/source.js';

/** Prunes a model, builds the smaller one with its weights, and returns the shapes of these. */
function shapesAfter(
  source: string,
  to: Readonly<Record<string, string>>,
  options: Pruning = {},
): Readonly<Record<string, readonly number[]>> {
  const { weights } = prunedWeights(source, initialWeights(source), { ...options, to });
  const host = createMemoryHost({ 'main.arch': source, w: weightsFile(weights) });
  const result = build('main.arch', host, { ...options, set: to, weights: 'w' });
  expect(result.failed, rendered(result)).toBe(false);
  return Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, shape]));
}

describe('channels are followed', () => {
  it('through states, which get smaller', () => {
    const source = `model M(heads = 4, kv = 2)(x: Tensor[N, T, 8]) -> (y: Tensor[N, T, 8]) {
  let d = 2
  let Proj = Linear(bias = false)
  state past_k: Tensor[N, kv, P, d] = empty
  state past_v: Tensor[N, kv, P, d] = empty
  q = x -> q: Proj(heads * d) -> rearrange([N, T, heads * d] => [N, heads, T, d])
  k = x -> k: Proj(kv * d) -> rearrange([N, T, kv * d] => [N, kv, T, d])
  v = x -> v: Proj(kv * d) -> rearrange([N, T, kv * d] => [N, kv, T, d])
  keys   = concat(past_k, k, axis = 2)
  values = concat(past_v, v, axis = 2)
  next past_k = keys
  next past_v = values
  return attention(q, keys, values) -> rearrange([N, heads, T, d] => [N, T, heads * d]) -> o: Proj(8)
}
`;
    expect(shapesAfter(source, { heads: '2', kv: '1' })).toEqual({
      'q.weight': [4, 8],
      'k.weight': [2, 8],
      'v.weight': [2, 8],
      'o.weight': [8, 4],
    });
  });

  it('through all entries that share a weight', () => {
    const source = `model M(hidden = 4) {
  up = Linear(hidden)
  entry encode(x: Tensor[N, 3]) -> (y: Tensor[N, 3]) { return x -> up -> relu -> a: Linear(3) }
  entry decode(x: Tensor[N, 3]) -> (y: Tensor[N, 2]) { return x -> up -> gelu -> b: Linear(2) }
}
`;
    const { weights, report } = prunedWeights(source, initialWeights(source), { to: { hidden: '3' } });
    expect(Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, shape]))).toMatchObject({
      'up.weight': [3, 3],
      'a.weight': [3, 3],
      'b.weight': [2, 3],
    });
    expect(report.entries.map(({ entry }) => entry)).toEqual(['encode', 'decode']);
  });

  it('through tables, einsum, sums, slices and tensors that are created on the way', () => {
    const source = `model M(D = 4)(ids: Tensor<i64>[N, T]) -> (y: Tensor[N, 3]) {
  h = ids -> table: Embedding(5, D)
  h = h + zeros([D]) + (ids -> positions: Embedding(5, D))
  s = einsum("ntd,nsd->nts", h, h)
  h = einsum("nts,nsd->ntd", s, h)
  total = sum(h, axis = -1) -> unsqueeze(-1)
  return (h * total)[:, 0] -> fc: Linear(3)
}
`;
    expect(shapesAfter(source, { D: '3' })).toMatchObject({ 'table.weight': [5, 3], 'positions.weight': [5, 3], 'fc.weight': [3, 3] });
  });

  it('around control flow that they do not enter', () => {
    const source = `model M(D = 4)(x: Tensor[N, T, 3]) -> (y: Tensor[N, 3]) {
  scan xt over x axis 1 carry h: Tensor[N, 3] = zeros {
    next h = tanh(xt + h)
  }
  return h -> up: Linear(D) -> relu -> down: Linear(3)
}
`;
    expect(shapesAfter(source, { D: '2' })).toMatchObject({ 'up.weight': [2, 3], 'down.weight': [3, 2] });
  });

  it('in models of another float type', () => {
    const source = 'model M(D = 4)(x: Tensor[N, 3]) -> (y: Tensor[N, 3]) { return x -> up: Linear(D) -> relu -> down: Linear(3) }\n';
    expect(shapesAfter(source, { D: '2' }, { dtype: 'f16' })).toMatchObject({ 'up.weight': [2, 3] });
  });

  it('in models that other settings describe', () => {
    const source = 'model M(D = 4, E = 3)(x: Tensor[N, E]) -> (y: Tensor[N, E]) { return x -> up: Linear(D) -> relu -> down: Linear(E) }\n';
    const weights = initialWeights(source, { set: { D: '6', E: '2' } });
    const { weights: pruned } = prunedWeights(source, weights, { set: { D: '6', E: '2' }, to: { D: '5' } });
    expect(pruned['up.weight']?.shape).toEqual([5, 2]);
  });
});

it('channels that a part of the model needs stay, whatever their scores are', () => {
  const source = `model M(D = 4)(x: Tensor[N, 3]) -> (y: Tensor[N, 3]) {
  u = x -> up: Linear(D)
  v = u[:, 0..3] + x
  return (v -> down: Linear(3)) + (u -> other: Linear(3))
}
`;
  const weights = initialWeights(source);
  const bias = { shape: [4], data: Float64Array.of(1, 2, 3, 1000) };
  const { weights: pruned } = prunedWeights(source, { ...weights, 'up.bias': bias }, { to: { D: '3' } });
  expect([...(pruned['up.bias']?.data ?? [])]).toEqual([1, 2, 3]);
});

describe('channels are not followed', () => {
  it.each([
    [
      'into control flow',
      `model M(D = 4)(x: Tensor[N, T, 3]) -> (y: Tensor[N, 3]) {
  u = x -> up: Linear(D)
  scan ut over u axis 1 carry h: Tensor[N, D] = zeros {
    next h = tanh(ut + h)
  }
  return h -> down: Linear(3)
}
`,
      3,
      /archc does not follow channels through `scan`/,
    ],
    [
      'into operators of ONNX',
      `model M(D = 4)(x: Tensor[N, 3]) -> (y: Tensor[N, 3]) {
  u = x -> up: Linear(D)
  return onnx.Hardmax(u) -> down: Linear(3)
}
`,
      3,
      /archc does not follow channels through `onnx.Hardmax`/,
    ],
    [
      'where a part of the computation differs',
      `model M(D = 4)(x: Tensor[N, 3]) -> (y: Tensor[N, 3]) {
  u = x -> up: Linear(D)
  v = if D > 3 { relu(u) } else { gelu(u) }
  return v -> down: Linear(3)
}
`,
      3,
      /it would compute `gelu` instead of `relu`/,
    ],
    [
      'where an option depends on the size',
      `model M(D = 4)(x: Tensor[N, 3]) -> (y: Tensor[N, 3]) {
  u = x -> up: Linear(D)
  v = leaky_relu(u, slope = 1.0 / D)
  return v -> down: Linear(3)
}
`,
      3,
      /`leaky_relu` would have different options/,
    ],
  ])('%s', (_, source, line, message) => {
    const result = pruneText(source, initialWeights(source), { to: { D: '3' } });
    // Whether anybody has tried an operator of ONNX is another matter.
    expect(complaints(result).filter((one) => !one.startsWith('untried-kernel'))).toEqual([`cannot-prune@${line}`]);
    expect(result.diagnostics[0]?.message).toMatch(message);
  });
});
