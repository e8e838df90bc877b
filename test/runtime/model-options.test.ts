/// <reference types="node" />
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import type { LoadProgress } from '../../src/api/model-options.js';
import { externalFiles } from '../../src/runtime/pure/external-files.js';
import { isAsNew, oldestRuntime } from '../../src/runtime/pure/oldest-runtime.js';
import { Model, SessionError } from '../../src/runtime.js';
import { builtFiles } from '../kit/built-files.js';

const sums = builtFiles(`model Sums() {
  sum = Sum()
  entry add(x: Tensor[N, 3]) -> (total: Tensor[N, 3]) { return sum(x) }
  entry twice(x: Tensor[N, 3]) -> (total: Tensor[N, 3]) { return sum(2 * x) }
}
layer Sum()(x: Tensor[N, 3]) -> Tensor[N, 3] {
  state total: Tensor[N, 3] = zeros
  next total = total + x
  return total + x
}`);
const dense = builtFiles('model Dense(x: Tensor[N, 2]) -> (y: Tensor[N, 3]) { return x -> fc: Linear(3) }');
const two = builtFiles(
  'model Two(a: Tensor[N, T], ids: Tensor<i64>[N, T]) -> (y: Tensor[N, T, 4]) { return (ids -> tokens: Embedding(8, 4)) * unsqueeze(a, -1) }',
);
const x = [[1, 2, 3]];
const total = async (model: Model, entry: string) => [...((await model.call(entry, { x })).total?.data ?? [])];

describe('a model and its forks', () => {
  test('share what is loaded, and go on apart', async () => {
    const model = await Model.load(sums.files, sums.manifest);
    await total(model, 'add');
    const fork = await model.fork();
    expect(await total(model, 'add')).toEqual([2, 4, 6]);
    expect(await total(fork, 'twice')).toEqual([3, 6, 9]);
    expect(await total(model, 'add')).toEqual([3, 6, 9]);
    await model.dispose();
    await expect(total(model, 'add')).rejects.toThrow('the model was disposed of');
    expect(await total(fork, 'add')).toEqual([4, 8, 12]);
    await fork.reset();
    expect(await total(fork, 'add')).toEqual([1, 2, 3]);
    await fork.dispose();
    await expect(total(fork, 'add')).rejects.toThrow('the model was disposed of');
  });

  test('warm up without a trace', async () => {
    await using model = await Model.load(sums.files, sums.manifest);
    await model.warmUp();
    await model.warmUp({ N: 4 });
    expect(await model.states()).toEqual({});
    expect(await total(model, 'add')).toEqual([1, 2, 3]);
    await model.warmUp({ N: 1 });
    expect(await total(model, 'add')).toEqual([2, 4, 6]);
    await using other = await Model.load(two.files, two.manifest);
    await other.warmUp({ N: 2, T: 5 });
    await expect(other.warmUp({ T: -1 })).rejects.toThrow('the model needs');
  });
});

describe('steps', () => {
  test('run an entry until there are no more inputs', async () => {
    await using model = await Model.load(sums.files, sums.manifest);
    const seen: number[] = [];
    const asked: number[] = [];
    const { add } = model.entries;
    for await (const out of add!.steps({ x }, (_, index) => {
      asked.push(index);
      return index < 2 ? { x } : undefined;
    }))
      seen.push(Number(out.total?.data[0]));
    expect([seen, asked]).toEqual([
      [1, 2, 3],
      [0, 1, 2],
    ]);
    // The members of modules do the same.
    const typed = model as unknown as { readonly twice: typeof add };
    for await (const out of typed.twice!.steps({ x }, async () => ({ x }))) {
      seen.push(Number(out.total?.data[0]));
      if (seen.length === 5) break;
    }
    expect(seen).toEqual([1, 2, 3, 5, 7]);
  });

  test('end with the reason of a signal', async () => {
    await using model = await Model.load(dense.files, dense.manifest);
    const controller = new AbortController();
    const steps = model.entries.forward!.steps({ x: [[1, 2]] }, () => ({ x: [[1, 2]] }), { signal: controller.signal });
    await steps.next();
    controller.abort(new Error('enough'));
    await expect(steps.next()).rejects.toThrow('enough');
    await expect(model.entries.forward!.steps({}, () => undefined).next()).rejects.toThrow('the input `x` is missing');
  });
});

test('sizes that inputs share are compared before ONNX Runtime is called', async () => {
  await using model = await Model.load(two.files, two.manifest);
  const a = { data: new Float32Array(6), shape: [2, 3] };
  await expect(model.call('forward', { a, ids: { data: new Int32Array(8), shape: [2, 4] } })).rejects.toThrow(
    '`a` has T = 3, but `ids` has T = 4',
  );
});

describe('loading', () => {
  let folder: string;
  const weights = (tensors: Readonly<Record<string, readonly [readonly number[], readonly number[]]>>) => {
    const all = Object.entries(tensors).map(([name, [shape, data]]) => {
      return { name, dtype: 'f32' as const, shape, bytes: new Uint8Array(Float32Array.from(data).buffer) };
    });
    return Uint8Array.from(writeSafetensors(all, { format: 'pt' }).flatMap((chunk) => [...chunk]));
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'archc-load-'));
    for (const [name, bytes] of Object.entries(dense.files)) writeFileSync(join(folder, name), bytes);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('takes other weights', async () => {
    const given = weights({
      'fc.weight': [
        [3, 2],
        [1, 0, 0, 1, 1, 1],
      ],
      'fc.bias': [[3], [0, 0, 10]],
    });
    await using model = await Model.load(dense.files, dense.manifest, { weights: given });
    expect((await model.call('forward', { x: [[2, 5]] })).y?.data).toEqual(Float32Array.of(2, 5, 17));
    const load = (other: Uint8Array) => Model.load(folder, dense.manifest, { weights: other });
    await expect(load(weights({ 'fc.weight': [[2], [1, 2]] }))).rejects.toThrow(
      'cannot use the weights in the given bytes: `fc.weight` is [2] F32, and in the model [3, 2] f32',
    );
    await expect(load(weights({ 'fc.bias': [[3], [1, 2, 3]], other: [[1], [1]] }))).rejects.toThrow('the model does not have `other`');
    await expect(load(new Uint8Array(5))).rejects.toThrow('cannot read the weights the given bytes');
  });

  test('tells how far it is, and can be ended', async () => {
    const told: LoadProgress[] = [];
    const bytes = dense.files['m.onnx']!.length;
    const files = { 'm.onnx': new URL(`file://${join(folder, 'm.onnx')}`) };
    const given = { weights: weights({ 'fc.bias': [[3], [0, 0, 0]] }) };
    await using _ = await Model.load(files, dense.manifest, { ...given, onProgress: (progress) => told.push(progress) });
    expect(told).toEqual([{ file: 'm.onnx', loaded: bytes, total: bytes }]);
    await expect(Model.load(files, dense.manifest, { signal: AbortSignal.abort(new Error('left')) })).rejects.toThrow('left');
    const controller = new AbortController();
    const loading = Model.load(files, dense.manifest, {
      ...given,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('late')),
    });
    await expect(loading).rejects.toThrow('late');
  });

  test('continues with the next provider, and says why', async () => {
    const failing = {
      ...ort,
      InferenceSession: {
        create: (model: Uint8Array, options: ort.InferenceSession.SessionOptions) =>
          options.executionProviders?.[0] === 'webgpu'
            ? Promise.reject(new Error('Failed to get GPU adapter'))
            : ort.InferenceSession.create(model, options),
      },
    };
    await using model = await Model.load(dense.files, dense.manifest, { ort: failing, provider: ['webgpu', 'wasm'] });
    expect([model.provider, model.fallback]).toEqual([
      'cpu',
      { provider: 'webgpu', reason: 'WebGPU finds no GPU here: use the provider `cpu`' },
    ]);
    await using plain = await Model.load(dense.files, dense.manifest, { provider: 'wasm' });
    expect([plain.provider, plain.fallback]).toEqual(['cpu', undefined]);
    await expect(Model.load(dense.files, dense.manifest, { ort: failing, provider: ['webgpu'] })).rejects.toThrow(SessionError);
    await expect(Model.load(dense.files, dense.manifest, { provider: [] })).rejects.toThrow("write `['webgpu', 'wasm']`");
  });

  test('refuses an ONNX Runtime that is too old', async () => {
    const old = { ...ort, env: { ...ort.env, versions: { common: '1.19.2', node: '1.19.2' } } };
    await expect(Model.load(dense.files, dense.manifest, { ort: old })).rejects.toThrow(
      'the model needs ONNX Runtime 1.20 or later, and this is 1.19.2: write `npm install onnxruntime-node@latest`',
    );
    const newer = builtFiles('model M(x: Tensor[N]) -> (y: Tensor[N]) { return relu(x) }', { opset: 23 });
    expect(newer.manifest.entries[0]?.runtime).toBe('1.23');
    const versions = ['1.9', '1.20', '1.20.1', '1.21.0-dev', '2.0'];
    expect(versions.filter((version) => isAsNew(version, '1.20'))).toEqual(['1.20', '1.20.1', '1.21.0-dev', '2.0']);
    expect([21, 22, 24].map(oldestRuntime)).toEqual(['1.20', '1.21', '1.24']);
  });
});

test('the files beside a model are found without a decoder', () => {
  expect(externalFiles(dense.files['m.onnx']!)).toEqual([]);
  // graph (7) { initializer (5) { dims (1) 3, external_data (13) { key location, value a.data }, external_data { key offset, value 8 } } }
  const text = (value: string) => [value.length, ...Buffer.from(value)];
  const entry = (key: string, value: string) => {
    const inner = [10, ...text(key), 18, ...text(value)];
    return [106, inner.length, ...inner];
  };
  const tensor = [8, 3, ...entry('location', 'a.data'), ...entry('offset', '8')];
  const graph = [42, tensor.length, ...tensor, 42, tensor.length, ...tensor];
  expect(externalFiles(Uint8Array.from([8, 10, 58, graph.length, ...graph]))).toEqual(['a.data']);
  for (const bad of [[58, 200, 1], [59], [58, 255]])
    expect(() => externalFiles(Uint8Array.from(bad))).toThrow('the file is not an ONNX model');
});
