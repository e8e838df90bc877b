import * as onnxruntime from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';
import { summarize } from '../../src/6-emit/onnx/summary.js';
import type { BuildOptions } from '../../src/api/options.js';
import { build } from '../../src/build.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { ndArray } from '../../src/ops/nd/array.js';
import { checksOfFile } from '../../src/runtime/pure/checks-of-file.js';
import { Model, type RuntimeOptions, Session } from '../../src/runtime.js';
import { relativeError } from '../kit/fixtures.js';
import { useOrt } from '../kit/ort.js';
import { rendered } from '../kit/source.js';
import { webgpu } from '../kit/webgpu.js';

const ort = useOrt();

/** One layer of attention over `positions`. */
const encoder = (positions: string | number) => `model M(x: Tensor[N, ${positions}, 16]) -> (y: Tensor[N, ${positions}, 16]) {
  return x -> encoder: TransformerEncoder(1, heads = 2, ff = 16)
}`;

function built(source: string, options: BuildOptions = { target: 'webgpu' }) {
  const result = build('m.arch', createMemoryHost({ 'm.arch': source }), options);
  const { bytes, manifest } = result;
  if (bytes === undefined || manifest === undefined) throw new Error(rendered(result));
  return { bytes, manifest, checks: checksOfFile(summarize(decodeOnnx(bytes)).metadata) };
}

const inputOf = (positions: number) => {
  const data = Float32Array.from({ length: positions * 16 }, (_, i) => Math.sin(i * i));
  return { data, shape: [1, positions, 16] };
};

describe('a file asks for attention to be tried on a device', () => {
  test.each([
    ['of any length', encoder('T'), { target: 'webgpu' }, true],
    ['of 32 positions', encoder(32), { target: 'webgpu' }, true],
    ['of 31 positions', encoder(31), { target: 'webgpu' }, false],
    ['for CUDA, which may be run on WebGPU as well', encoder('T'), { target: 'cuda' }, true],
    ['written out', encoder('T'), { target: 'portable' }, false],
    ['for the processor', encoder('T'), { target: 'cpu' }, false],
    [
      'with other keys',
      'model M(q: Tensor[N, 2, T, 8], k: Tensor[N, 2, 5, 8]) -> (y: Tensor[N, 2, T, 8]) { return attention(q, k, k) }',
      { target: 'webgpu' },
      true,
    ],
    [
      'in a branch',
      'model M(q: Tensor[1, 2, 32, 8]) -> (y: Tensor[1, 2, 32, 8]) { return cond(sum(q) > 0) { attention(q, q, q) } else { q } }',
      { target: 'webgpu' },
      true,
    ],
  ] as const)('%s', (_, source, options, isWanted) => {
    const { checks, manifest } = built(source, options);
    expect(checks).toEqual(isWanted ? ['attention'] : []);
    expect(manifest.entries[0]?.deviceChecks).toEqual(isWanted ? ['attention'] : undefined);
  });

  test('but not in training, whose graphs have no fused operators', () => {
    const train = `train T for M {
      input labels: Tensor[N, T, 16]
      loss = mse_loss(y, labels)
      optimizer sgd(lr = 0.1)
    }`;
    const { artifacts } = build('m.arch', createMemoryHost({ 'm.arch': `${encoder('T')}\n${train}` }), { target: 'webgpu', train: 'T' });
    const graphs = artifacts?.filter(({ name }) => name.endsWith('.onnx')) ?? [];
    const step = graphs.find(({ name }) => name === 'm.train.onnx');
    expect(step && checksOfFile(summarize(decodeOnnx(step.bytes)).metadata)).toEqual([]);
    expect(graphs.length).toBeGreaterThan(1);
  });

  test.each(['', 'attention', 'convolution attention', 'attentive'])('and of "%s", only known checks are read', (text) => {
    expect(checksOfFile({ 'archc.device_checks': text })).toEqual(/\battention\b/.test(text) ? ['attention'] : []);
  });
});

describe('a file asks for f16 to be tried on a device', () => {
  const linear = 'model M(x: Tensor[N, 32]) -> (y: Tensor[N, 32]) { return x -> fc: Linear(32) }';

  test.each([
    ['that computes in f16', linear, { target: 'webgpu', dtype: 'f16' }, ['half']],
    ['with inputs and outputs of f32', linear, { target: 'portable', dtype: 'f16', io: 'f32' }, ['half']],
    ['but not one whose weights alone are f16', linear, { target: 'webgpu', quantize: 'f16' }, []],
    [
      'with an f16 value in a branch',
      'model M(x: Tensor[N]) -> (y: Tensor[N]) { return cond(sum(x) > 0) { cast(exp(cast(x, f16)), f32) } else { x } }',
      {},
      ['half'],
    ],
    ['with attention as well', encoder('T'), { target: 'webgpu', dtype: 'f16' }, ['half', 'attention']],
    ['of f32', linear, { target: 'webgpu' }, []],
    ['for the processor, since WebGPU may run it as well', linear, { target: 'cpu', dtype: 'f16' }, ['half']],
  ] as const)('%s', (_, source, options, wanted) => {
    const { checks, manifest } = built(source, options);
    expect(checks).toEqual(wanted);
    expect(manifest.entries[0]?.deviceChecks ?? []).toEqual(wanted);
  });
});

describe('a session on a GPU whose attention is right', () => {
  test('is created after a small attention has been computed there, once for all sessions', async () => {
    const { bytes, manifest } = built(encoder('T'));
    const loaded: number[] = [];
    const create = (model: Uint8Array, options: object) => {
      loaded.push(model.length);
      return onnxruntime.InferenceSession.create(model, { ...options, executionProviders: ['cpu'] });
    };
    const options: RuntimeOptions = { ort: { ...onnxruntime, InferenceSession: { create } }, provider: 'webgpu' };
    await using session = await Session.load(bytes, options);
    await using model = await Model.load({ 'm.onnx': bytes }, manifest, options);
    expect([session.provider, model.provider]).toEqual(['webgpu', 'webgpu']);
    expect(loaded).toEqual([expect.any(Number), bytes.length, bytes.length]);
    expect(loaded[0]).toBeLessThan(1000);
  });
});

// SwiftShader has no f16.
test.runIf(webgpu)('a file whose weights alone are f16 runs on a GPU without f16', async () => {
  const { bytes, checks } = built('model M(x: Tensor[N, 64]) -> (y: Tensor[N, 64]) { return x -> fc: Linear(64) }', {
    target: 'webgpu',
    quantize: 'f16',
  });
  expect(checks).toEqual([]);
  await using session = await Session.load(bytes, { provider: 'webgpu' });
  const { data } = (await session.run({ x: { data: new Float32Array(64).fill(1), shape: [1, 64] } })).tensor('y');
  expect((data as Float32Array).every(Number.isFinite)).toBe(true);
});

// SwiftShader, on which WebGPU is tested, has subgroups of 4 lanes.
describe.runIf(webgpu)('where subgroups have 4 lanes', () => {
  const wrong =
    "ONNX Runtime's fused attention, which the model uses, gives wrong results on this GPU (its subgroups have fewer than 8 lanes, as in software GPUs): load a file that is built with `--target portable`, which writes attention in operators that are correct on every GPU";

  test.each(['T', 32])('a model with attention over %s positions is refused', async (positions) => {
    const { bytes, manifest } = built(encoder(positions));
    const refused = { name: 'SessionError', message: wrong, problem: { kind: 'wrong-attention' } };
    await expect(Session.load(bytes, { provider: 'webgpu' })).rejects.toMatchObject(refused);
    await expect(Model.load({ 'm.onnx': bytes }, manifest, { provider: 'webgpu' })).rejects.toMatchObject(refused);
  });

  test('what the message says is right, and the provider `cpu` computes attention correctly, too', async () => {
    const results: Float32Array[] = [];
    for (const [target, provider] of [
      ['webgpu', 'cpu'],
      ['portable', 'webgpu'],
      ['portable', 'cpu'],
    ] as const) {
      await using session = await Session.load(built(encoder('T'), { target }).bytes, { provider });
      const { data } = (await session.run({ x: inputOf(40) })).tensor('y');
      results.push(data as Float32Array);
    }
    const [first, ...others] = results.map((data) => ndArray('f32', [data.length], Float64Array.from(data)));
    for (const other of others) expect(relativeError(other, first!)).toBeLessThan(1e-5);
  });

  /** The error of the kernel for attention over this many positions on WebGPU. */
  async function errorOf(positions: number): Promise<number> {
    const { data, shape } = inputOf(positions);
    const x = ndArray('f32', shape, Float64Array.from(data));
    const got = await ort.run(built(encoder(positions)).bytes, { x }, { provider: 'webgpu', timeout: 120_000 });
    const wanted = await ort.run(built(encoder(positions), { target: 'portable' }).bytes, { x });
    return relativeError(got.y!, wanted.y!);
  }

  test('31 positions are right and 32 are wrong; if that changes, src/ops/capabilities/adapter-faults.ts must change, too', async () => {
    expect(await errorOf(31)).toBeLessThan(1e-5);
    expect(await errorOf(32)).toBeGreaterThan(0.01);
  }, 180_000);

  test('a model with attention over 31 positions is loaded and right', async () => {
    await using session = await Session.load(built(encoder(31)).bytes, { provider: 'webgpu' });
    expect((await session.run({ x: inputOf(31) })).tensor('y').shape).toEqual([1, 31, 16]);
  });
});
