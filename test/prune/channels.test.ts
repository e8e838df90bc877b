import { describe, expect, it } from 'vitest';
import { difference } from '../kit/close.js';
import { randomInputs } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { initialWeights, onnxOf, type Pruning, prunedWeights, pruneText, trainedWeights, type Weights } from '../kit/pruned.js';
import { complaints, modelOf } from '../kit/source.js';

const ort = useOrt();

/** `weights`, in which these positions of axes are zero: `{ 'fc1.weight': [0, [1, 4]] }`. */
function withZeros(
  weights: Weights,
  gone: Readonly<Record<string, readonly (readonly [axis: number, positions: readonly number[]])[]>>,
): Weights {
  const changed = Object.entries(gone).map(([name, axes]) => {
    const { shape = [], data = new Float64Array() } = weights[name] ?? {};
    const isGone = (i: number) =>
      axes.some(([axis, positions]) =>
        positions.includes(Math.floor(i / shape.slice(axis + 1).reduce((a, b) => a * b, 1)) % (shape[axis] ?? 1)),
      );
    return [name, { shape, data: data.map((value, i) => (isGone(i) ? 0 : value)) }] as const;
  });
  return { ...weights, ...Object.fromEntries(changed) };
}

/** Prunes a model whose channels `gone` are zero, and expects the same outputs from the smaller one. Returns its weights' shapes. */
async function expectSameOutputs(source: string, weights: Weights, options: Pruning): Promise<Readonly<Record<string, readonly number[]>>> {
  const { weights: pruned, report } = prunedWeights(source, weights, options);
  const { set } = report;
  expect(set).toEqual(options.to);
  const feeds = randomInputs(modelOf(source));
  const wanted = await ort.run(onnxOf(source, weights), feeds);
  const got = await ort.run(onnxOf(source, pruned, { set }), feeds);
  for (const [name, output] of Object.entries(wanted)) {
    const value = got[name];
    expect(value && difference(value, output, 1e-6), name).toBeUndefined();
  }
  return Object.fromEntries(Object.entries(pruned).map(([name, { shape }]) => [name, shape]));
}

const mlp = `model M(hidden = 6, out = 4)(x: Tensor[2, 8]) -> (y: Tensor[2, out]) {
  return x -> fc1: Linear(hidden) -> relu -> fc2: Linear(out)
}
`;

describe('channels of zeros can be removed', () => {
  it('between linear layers', async () => {
    const dead = [1, 4];
    const weights = withZeros(trainedWeights(mlp), { 'fc1.weight': [[0, dead]], 'fc1.bias': [[0, dead]], 'fc2.weight': [[1, dead]] });
    expect(await expectSameOutputs(mlp, weights, { to: { hidden: '4' } })).toEqual({
      'fc1.bias': [4],
      'fc1.weight': [4, 8],
      'fc2.bias': [4],
      'fc2.weight': [4, 4],
    });
  });

  it('between convolutions with norms, including depthwise ones, and a linear layer that reads all positions', async () => {
    const source = `model M(a = 4, b = 6)(x: Tensor[1, 3, 8, 8]) -> (y: Tensor[1, 5]) {
  h = x -> conv1: Conv2d(a, kernel = 3, padding = 1, bias = false) -> bn1: BatchNorm2d -> relu
    -> max_pool2d(2)
    -> depth: Conv2d(a, kernel = 3, padding = 1, groups = a) -> act: PReLU(per_channel = true)
    -> conv2: Conv2d(b, kernel = 3, padding = 1)
  return h -> flatten -> fc: Linear(5)
}
`;
    const [a, b] = [[2], [0, 5]];
    const positions = b.flatMap((channel) => Array.from({ length: 16 }, (_, i) => 16 * channel + i));
    const weights = withZeros(trainedWeights(source), {
      'conv1.weight': [[0, a]],
      'bn1.weight': [[0, a]],
      'bn1.bias': [[0, a]],
      'bn1.running_mean': [[0, a]],
      'depth.weight': [[0, a]],
      'depth.bias': [[0, a]],
      'act.weight': [[0, a]],
      'conv2.weight': [
        [1, a],
        [0, b],
      ],
      'conv2.bias': [[0, b]],
      'fc.weight': [[1, positions]],
    });
    expect(await expectSameOutputs(source, weights, { to: { a: '3', b: '4' } })).toMatchObject({
      'bn1.running_var': [3],
      'depth.weight': [3, 1, 3, 3],
      'conv2.weight': [4, 3, 3, 3],
      'fc.weight': [5, 64],
    });
  });

  it('through skips, concatenations and transposed convolutions', async () => {
    const source = `model M(c = 4, d = 3)(x: Tensor[1, 2, 4, 4]) -> (y: Tensor[1, 1, 8, 8]) {
  h = x -> stem: Conv2d(c, kernel = 1)
  h = h + (h -> conv: Conv2d(c, kernel = 3, padding = 1) -> gelu)
  h = concat(h, x -> side: Conv2d(d, kernel = 1), x, axis = 1)
  return h -> up: ConvTranspose2d(d, kernel = 2, stride = 2) -> head: Conv2d(1, kernel = 1)
}
`;
    const weights = trainedWeights(source);
    const dead = withZeros(weights, {
      'stem.weight': [[0, [3]]],
      'stem.bias': [[0, [3]]],
      'conv.weight': [
        [0, [3]],
        [1, [3]],
      ],
      'conv.bias': [[0, [3]]],
      'side.weight': [[0, [0]]],
      'side.bias': [[0, [0]]],
      'up.weight': [
        [0, [3, 4]],
        [1, [1]],
      ],
      'up.bias': [[0, [1]]],
      'head.weight': [[1, [1]]],
    });
    expect(await expectSameOutputs(source, dead, { to: { c: '3', d: '2' } })).toMatchObject({ 'up.weight': [7, 2, 2, 2] });
  });

  it('in gated layers whose two halves are one matrix', async () => {
    const source = `model M(hidden = 4)(x: Tensor[2, 3]) -> (y: Tensor[2, 3]) {
  return x -> up: Linear(2 * hidden) -> glu -> down: Linear(3)
}
`;
    const weights = withZeros(trainedWeights(source), { 'up.weight': [[0, [1, 5]]], 'up.bias': [[0, [1, 5]]], 'down.weight': [[1, [1]]] });
    expect(await expectSameOutputs(source, weights, { to: { hidden: '3' } })).toMatchObject({ 'up.weight': [6, 3], 'down.weight': [3, 3] });
  });

  it('in the layers of an encoder', async () => {
    const source = `model M(ff = 6)(x: Tensor[1, 3, 4]) -> (y: Tensor[1, 3, 4]) {
  return x -> encoder: TransformerEncoder(2, heads = 2, ff = ff)
}
`;
    const dead = [2, 3];
    const layer = (i: number) => ({
      [`encoder.layers.${i}.linear1.weight`]: [[0, [dead[i] ?? 0]]] as const,
      [`encoder.layers.${i}.linear1.bias`]: [[0, [dead[i] ?? 0]]] as const,
      [`encoder.layers.${i}.linear2.weight`]: [[1, [dead[i] ?? 0]]] as const,
    });
    const weights = withZeros(trainedWeights(source), { ...layer(0), ...layer(1) });
    expect(await expectSameOutputs(source, weights, { to: { ff: '5' } })).toMatchObject({ 'encoder.layers.1.linear1.weight': [5, 4] });
  });
});

describe('heads of zeros can be removed', () => {
  const separate = `model M(heads = 4, kv = 2)(x: Tensor[2, 3, 8]) -> (y: Tensor[2, 3, 8]) {
  let d = 2
  q = x -> q_proj: Linear(heads * d) -> rearrange([N, T, heads * d] => [N, heads, T, d])
  k = x -> k_proj: Linear(kv * d) -> rearrange([N, T, kv * d] => [N, kv, T, d])
  v = x -> v_proj: Linear(kv * d) -> rearrange([N, T, kv * d] => [N, kv, T, d])
  return attention(q, k, v, causal = true)
    -> rearrange([N, heads, T, d] => [N, T, heads * d])
    -> o_proj: Linear(8)
}
`;
  const weights = trainedWeights(separate);

  it('of the queries: equally many of those that read each key head', async () => {
    const rows = [2, 3, 4, 5];
    const dead = withZeros(weights, { 'q_proj.weight': [[0, rows]], 'q_proj.bias': [[0, rows]], 'o_proj.weight': [[1, rows]] });
    expect(await expectSameOutputs(separate, dead, { to: { heads: '2' } })).toMatchObject({
      'q_proj.weight': [4, 8],
      'k_proj.weight': [4, 8],
    });
  });

  it('of the keys, with the queries that read them', async () => {
    const [q, k] = [
      [0, 1, 2, 3],
      [0, 1],
    ];
    const dead = withZeros(weights, {
      'q_proj.weight': [[0, q]],
      'q_proj.bias': [[0, q]],
      'k_proj.weight': [[0, k]],
      'k_proj.bias': [[0, k]],
      'v_proj.weight': [[0, k]],
      'v_proj.bias': [[0, k]],
      'o_proj.weight': [[1, q]],
    });
    expect(await expectSameOutputs(separate, dead, { to: { heads: '2', kv: '1' } })).toMatchObject({
      'v_proj.weight': [2, 8],
      'o_proj.weight': [8, 4],
    });
  });

  it('of one matrix for queries, keys and values', async () => {
    const source = `model M(heads = 3)(x: Tensor[2, 3, 8]) -> (y: Tensor[2, 3, 8]) {
  let d = 2
  let heads_of(x) = rearrange(x, [N, T, heads * d] => [N, heads, T, d])
  (q, k, v) = x -> qkv: Linear(3 * heads * d) -> split(parts = 3, axis = -1)
  return attention(heads_of(q), heads_of(k), heads_of(v))
    -> rearrange([N, heads, T, d] => [N, T, heads * d])
    -> proj: Linear(8)
}
`;
    const rows = [2, 3, 8, 9, 14, 15];
    const dead = withZeros(trainedWeights(source), { 'qkv.weight': [[0, rows]], 'qkv.bias': [[0, rows]], 'proj.weight': [[1, [2, 3]]] });
    expect(await expectSameOutputs(source, dead, { to: { heads: '2' } })).toMatchObject({ 'qkv.weight': [12, 8], 'proj.weight': [8, 4] });
  });
});

describe('the channels that stay', () => {
  it('are those with the largest norm over all weights that belong to them, in their original order', () => {
    const weights = trainedWeights(mlp);
    const norm = (channel: number) => {
      const row = [...(weights['fc1.weight']?.data ?? [])].slice(8 * channel, 8 * channel + 8);
      const column = [0, 1, 2, 3].map((i) => weights['fc2.weight']?.data[6 * i + channel] ?? 0);
      return Math.hypot(...row, weights['fc1.bias']?.data[channel] ?? 0, ...column);
    };
    const kept = [0, 1, 2, 3, 4, 5]
      .sort((a, b) => norm(b) - norm(a))
      .slice(0, 3)
      .sort((a, b) => a - b);
    const { weights: pruned } = prunedWeights(mlp, weights, { to: { hidden: '3' } });
    expect([...(pruned['fc1.bias']?.data ?? [])]).toEqual(kept.map((i) => Math.fround(weights['fc1.bias']?.data[i] ?? 0)));
  });

  it('are counted in the report', () => {
    const { report } = prunedWeights(mlp, trainedWeights(mlp), { to: { hidden: '3' } });
    expect(report.weights.map(({ name, from, to }) => [name, from, to])).toEqual([
      ['fc1.weight', [6, 8], [3, 8]],
      ['fc1.bias', [6], [3]],
      ['fc2.weight', [4, 6], [4, 3]],
      ['fc2.bias', [4], [4]],
    ]);
    expect(report.entries[0]?.layers.map(({ path, from, to }) => [path, from.parameters, to.parameters])).toEqual([
      ['', 82, 43],
      ['fc1', 54, 27],
      ['fc2', 28, 16],
      ['', 0, 0],
    ]);
  });
});

describe('refuses', () => {
  const refusal = (source: string, to: Readonly<Record<string, string>>) => {
    const result = pruneText(source, initialWeights(source), { to });
    expect(result.bytes).toBeUndefined();
    return [complaints(result), result.diagnostics.map(({ message }) => message)].flat();
  };

  it.each<[string, string, Readonly<Record<string, string>>, readonly (string | RegExp)[]]>([
    ['an output that gets smaller', mlp, { out: '3' }, ['cannot-prune@1', /its output `y` would have 3 instead of 4/]],
    ['a size that grows', mlp, { hidden: '7' }, ['cannot-prune@2', /a size of `fc1.weight` would grow from 6 to 7/]],
    ['settings that change no weight', mlp, { hidden: '6' }, ['nothing-pruned@1', /the same weights as before/]],
    ['unknown hyperparameters', mlp, { width: '3' }, ['unknown-setting@1', /no hyperparameter/]],
    [
      'a norm over all channels',
      'model M(D = 4)(x: Tensor[2, 3]) -> (y: Tensor[2, 3]) {\n  h = x -> fc1: Linear(D)\n  h = h -> norm: LayerNorm\n  return h -> fc2: Linear(3)\n}\n',
      { D: '3' },
      ['cannot-prune@3', /`layer_norm` combines all 4 channels, and would combine 3/],
    ],
    [
      'heads that only divide the same width differently',
      'model M(heads = 4)(x: Tensor[2, 3, 8]) -> (y: Tensor[2, 3, 8]) {\n  return x -> attn: MultiheadAttention(heads)(x, x)\n}\n',
      { heads: '2' },
      ['cannot-prune@2', /a size of `reshape` would grow from 2 to 4/],
    ],
    [
      'a factor that depends on the size',
      'model M(D = 4)(x: Tensor[2, 3]) -> (y: Tensor[2, 3]) {\n  h = x -> fc1: Linear(D)\n  return (h * sqrt(D)) -> fc2: Linear(3)\n}\n',
      { D: '3' },
      ['cannot-prune@3', /would compute with another number/],
    ],
    [
      'other layers',
      'model M(depth = 2)(x: Tensor[2, 3]) -> (y: Tensor[2, 3]) {\n  for i in 0..depth { x = x -> layers[i]: Linear(3) }\n  return x\n}\n',
      { depth: '1' },
      ['cannot-prune@2', /it has no `layers.1.weight`/],
    ],
    [
      'the width of a head, by which the scores are scaled',
      'model M(d = 4)(x: Tensor[2, 3, 8]) -> (y: Tensor[2, 3, 8]) {\n  q = x -> q: Linear(d) -> unsqueeze(1)\n  k = x -> k: Linear(d) -> unsqueeze(1)\n  return attention(q, k, unsqueeze(x, 1)) -> squeeze(1)\n}\n',
      { d: '2' },
      ['cannot-prune@4', /`attention` combines all 4 channels, and would combine 2/],
    ],
    [
      'recurrent layers',
      'model M(D = 4)(x: Tensor[2, 3, 8]) -> (y: Tensor[2, 3, 8]) {\n  r = x -> lstm: LSTM(D)\n  return r.y -> fc: Linear(8)\n}\n',
      { D: '2' },
      ['cannot-prune@2', /does not follow channels through `lstm`/],
    ],
  ])('%s', (_, source, to, wanted) => {
    const got = refusal(source, to);
    for (const [i, text] of wanted.entries()) expect(got[i]).toMatch(text);
    expect(got).toHaveLength(wanted.length);
  });
});
