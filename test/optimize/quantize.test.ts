import { describe, expect, it } from 'vitest';
import type { CompileOptions } from '../../src/compile.js';
import { build, createMemoryHost } from '../../src/index.js';
import { builtModel, randomInputs } from '../kit/model-run.js';
import { ruleEvents } from '../kit/optimized.js';
import { useOrt } from '../kit/ort.js';
import { weightsFile } from '../kit/pruned.js';
import { programOf } from '../kit/source.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();

const tied = `model M(ids: Tensor<i64>[2, 3]) -> (y: Tensor[2, 3, 70]) {
  table = Embedding(70, 64)
  h = table(ids) -> a: Linear(96) -> relu -> b: Linear(64)
  return h @ table.weight.T
}`;

const stored = (source: string, options: CompileOptions) =>
  builtModel(source, options).model.onnx.parameters.map(({ parameter }) => `${parameter.name}: ${parameter.type.dtype}`);

const reasons = (source: string, options: CompileOptions) =>
  (builtModel(source, options).model.history?.rules ?? []).flatMap(({ rule, refusal, note }) =>
    rule === 'quantize' ? [refusal ?? note] : [],
  );

/** The largest error, relative to the largest output of the model whose weights are all stored as they are. */
async function errorOf(source: string, options: CompileOptions, provider: 'cpu' | 'webgpu' = 'cpu'): Promise<number> {
  const plain = builtModel(source);
  const feeds = randomInputs(plain.model);
  const wanted = (await ort.run(plain.bytes, feeds)).y?.data ?? new Float64Array();
  const got = (await ort.run(builtModel(source, options).bytes, feeds, { provider })).y?.data ?? new Float64Array();
  expect(got.length).toBe(wanted.length);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - (got[i] ?? 0))), 0) / largest;
}

describe('quantize', () => {
  it.each([
    ['portable', 'int4', 0.2],
    ['portable', 'int8', 0.02],
    ['portable', 'f16', 1e-3],
    ['cpu', 'int4/16', 0.2],
    ['cpu', 'int8', 0.03],
    ['cpu', 'int8-dynamic on a.*, b.*, f16 on rest', 0.05],
    ['cpu', 'f16', 1e-3],
    ['cuda', 'int4', 0.2],
    ['webgpu', 'int4', 0.2],
    ['wasm', 'int8/16', 0.03],
    ['wasm', 'int4', 0.2],
  ] as const)('changes results for %s little with %s, at each level', async (target, quantize, limit) => {
    for (const optimize of [0, 1, 2] as const) expect(await errorOf(tied, { target, quantize, optimize })).toBeLessThan(limit);
  });

  it.runIf(webgpu).each(['int4', 'int8', 'f16'])('computes with %s on WebGPU', async (quantize) => {
    expect(await errorOf(tied, { target: 'webgpu', quantize }, 'webgpu')).toBeLessThan(0.2);
  });

  it('stores an embedding that is also the head only once', () => {
    const table = (target: CompileOptions['target'], quantize: string) =>
      stored(tied, { target, quantize }).filter((name) => name.startsWith('table'));
    expect(table('cpu', 'int4')).toEqual(['table.weight.packed: u8', 'table.weight.scales: f32', 'table.weight.zeros: u8']);
    expect(table('portable', 'int8')).toEqual(['table.weight.numbers: u8', 'table.weight.scales: f32', 'table.weight.zeros: u8']);
    expect(table('cpu', 'f16')).toEqual(['table.weight.f16: f16']);
  });

  it('leaves an embedding as it is if no operator can read its rows, and says so', () => {
    const options = { target: 'portable', quantize: 'int4' } as const;
    expect(stored(tied, options)).toContain('table.weight: f32');
    const why = 'the ONNX standard cannot look up rows of 4-bit numbers; use int8 or another target';
    expect(reasons(tied, options)).toEqual([
      '`a.weight` as int4/32',
      '`b.weight` as int4/32',
      why,
      `\`table.weight\` is also read elsewhere: ${why}`,
    ]);
  });

  it.each(['int8', 'int8/16'])('keeps a file of standard ONNX that runs if a linear layer reads an embedding: %s', async (quantize) => {
    const source = `model M(ids: Tensor<i64>[2, 3]) -> (y: Tensor[2, 3, 48]) { return ids -> tok: Embedding(64, 72) -> a: Linear(48) }`;
    expect(await errorOf(source, { quantize })).toBeLessThan(0.03);
  });

  it('leaves an empty matrix as it is', () => {
    const source = 'model M(x: Tensor[2, 0]) -> (y: Tensor[2, 8]) { param w: Tensor[8, 0] = zeros\n return x @ w.T }';
    expect(reasons(source, { target: 'cpu', quantize: 'int8-dynamic' })).toEqual(['it is empty']);
  });

  it.each([
    ['int4', Number.NaN],
    ['int8', Number.POSITIVE_INFINITY],
    ['int8-dynamic', Number.NEGATIVE_INFINITY],
  ] as const)('refuses a weight with a number that %s cannot store: %s', (quantize, value) => {
    const data = new Float64Array(64 * 8).fill(1);
    data[5] = value;
    const files = { 'main.arch': 'model M(x: Tensor[2, 64]) -> (y: Tensor[2, 8]) { return x -> a: Linear(8, bias = false) }' };
    const weights = weightsFile({ 'a.weight': { shape: [8, 64], data } });
    const host = createMemoryHost({ ...files, 'w.safetensors': weights });
    const { diagnostics, bytes } = build('main.arch', host, { target: 'cpu', quantize, weights: 'w.safetensors' });
    expect(bytes).toBeUndefined();
    expect(diagnostics.map(({ message, help }) => [message, help])).toEqual([
      [
        `\`a.weight\` has the value ${value}, which cannot be stored as ${quantize}`,
        `leave the weight as it is: \`--quantize "none on a.weight, ${quantize} on rest"\``,
      ],
    ]);
  });

  it('takes the first pattern that matches', () => {
    expect(stored(tied, { target: 'cpu', quantize: 'none on a.*, int4/16 on table.*, int8 on rest' })).toEqual([
      'a.bias: f32',
      'b.bias: f32',
      'table.weight.packed: u8',
      'table.weight.scales: f32',
      'table.weight.zeros: u8',
      'a.weight.T: f32',
      'b.weight.packed: u8',
      'b.weight.scales: f32',
      'b.weight.zeros: u8',
    ]);
  });

  it.each([
    ['Tensor[2, 16]', 'return x -> fc: Linear(8)', 'its columns have 16 numbers, too few for a block (int4/32)'],
    ['Tensor[64]', 'return x -> fc: Linear(8)', 'it is multiplied with a vector'],
    ['Tensor[1, 3, 40, 40]', 'return x -> fc: Conv2d(8, 3)', '`conv2d` reads it, but cannot read int4'],
    ['Tensor[2, 64]', 'fc = Linear(8, bias = false)\ny = x -> fc\nreturn y + sum(fc.weight)', '`sum` reads it, but cannot read int4'],
  ])('leaves a weight as it is, and says why: %s, %s', (type, result, reason) => {
    const source = `model M(x: ${type}) -> (y: Tensor[*S]) {\n${result}\n}`;
    expect(reasons(source, { target: 'cpu', optimize: 1, quantize: 'int4' })[0]).toBe(reason);
    expect(stored(source, { target: 'cpu', optimize: 1, quantize: 'int4' })).toContain('fc.weight: f32');
  });

  it('leaves rows with an odd number of blocks as they are on WebGPU, where ONNX Runtime fails', () => {
    const source = 'model M(ids: Tensor<i64>[2]) -> (y: Tensor[2, 96]) { return ids -> table: Embedding(5, 96) }';
    expect(reasons(source, { target: 'webgpu', quantize: 'int4' })).toEqual([
      'its rows have 3 blocks, and ONNX Runtime fails on webgpu with an odd number; another block size may work',
    ]);
    expect(reasons(source, { target: 'webgpu', quantize: 'int4/16' })).toEqual(['`table.weight` as int4/16']);
  });

  it('does not fuse the projections of attention on WebGPU, where no kernel reads packed ones', () => {
    const source = 'model M(x: Tensor[1, 4, 64]) -> (y: Tensor[1, 4, 64]) { return x -> block: TransformerEncoderLayer(2, ff = 64) }';
    const operators = (quantize?: string) =>
      builtModel(source, { target: 'webgpu', quantize }).model.onnx.nodes.map(({ opType }) => opType);
    expect(operators()).toContain('Attention');
    expect(operators('f16')).toContain('Attention');
    expect(operators('int4')).not.toContain('Attention');
    expect(operators('int4').filter((name) => name === 'MatMulNBits')).toHaveLength(6);
  });

  it('says where a weight is stored twice', async () => {
    const source = `model M(x: Tensor[2, 64]) -> (y: Tensor[2, 64]) {
      param w: Tensor[64, 64] = normal(std = 0.1)
      return relu(x @ w) @ w.T
    }`;
    const twice = '`w` as int8/32, stored twice because it is read both by rows and by columns';
    expect(reasons(source, { target: 'cpu', quantize: 'int8' })).toEqual([twice, twice]);
    expect(await errorOf(source, { target: 'cpu', quantize: 'int8' })).toBeLessThan(0.03);
  });

  it('packs what is computed from several weights, if all of them are to be packed', () => {
    const source = `model M(x: Tensor[2, 64]) -> (y: Tensor[2, 64]) {
      param w: Tensor[64, 64] = normal(std = 0.1)
      param v: Tensor[64, 64] = normal(std = 0.1)
      return x @ (w + v)
    }`;
    expect(stored(source, { target: 'cpu', quantize: 'int4' })).toEqual(['w+v.packed: u8', 'w+v.scales: f32', 'w+v.zeros: u8']);
    expect(stored(source, { target: 'cpu', quantize: 'int4 on w' })).toEqual(['w+v: f32']);
    expect(reasons(source, { target: 'cpu', quantize: 'int4 on w' })).toEqual(['it is computed from weights with different forms']);
  });

  it('leaves a weight as it is if another entry reads it that way', () => {
    const source = `model M {
      fc = Linear(64, bias = false)
      other = Linear(64, bias = false)
      entry one(x: Tensor[2, 64]) -> (y: Tensor[2, 64]) { return x -> fc -> other }
      entry two(x: Tensor[2, 64]) -> (y: Tensor[2, 64]) { return (x -> other) + sum(fc.weight) }
    }`;
    const entries = programOf(source, { target: 'cpu', optimize: 1, quantize: 'int4' }).entries;
    const names = entries.map(({ onnx }) => onnx.parameters.map(({ parameter }) => parameter.name));
    const packed = ['other.weight.packed', 'other.weight.scales', 'other.weight.zeros'];
    expect(names.map((list) => [...list].sort())).toEqual([
      ['fc.weight', ...packed],
      ['fc.weight', ...packed],
    ]);
    expect(entries.map(ruleEvents).map(({ quantize }) => quantize)).toEqual([
      ['applied', 'another entry needs `fc.weight` unquantized'],
      ['applied', 'another entry needs `fc.weight` unquantized'],
    ]);
  });

  it('writes the same bytes each time', () => {
    const once = () => Buffer.from(builtModel(tied, { target: 'cpu', quantize: 'int4' }).bytes).toString('base64');
    expect(once()).toBe(once());
  });

  it('makes a file smaller', () => {
    const source = 'model M(x: Tensor[1, 512]) -> (y: Tensor[1, 512]) { return x -> a: Linear(512) -> relu -> b: Linear(512) }';
    const size = (quantize?: string) => builtModel(source, { target: 'cpu', quantize }).bytes.length;
    expect(size('int4') / size()).toBeLessThan(0.17);
    expect(size('int4/128') / size()).toBeLessThan(0.14);
    expect(size('int8') / size()).toBeLessThan(0.3);
    expect(size('f16') / size()).toBeLessThan(0.51);
  });
});
