/// <reference types="node" />
import { describe, expect, test } from 'vitest';
import type { ModelManifest } from '../../src/api/model-manifest.js';
import { build } from '../../src/build.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { Model } from '../../src/runtime.js';
import { rendered } from '../kit/source.js';
import { webgpu } from '../kit/webgpu.js';

/** Adds up what it is given, in two ways that share the sum; and reads it. */
const source = `layer Sum(by = 1)(x: Tensor[N, 3]) -> Tensor[N, 3] {
  state total: Tensor[N, 3] = [1, 2, 3]
  state count: Tensor[] = 0.0
  next total = total + x
  next count = count + by
  return (total + x) / (count + by)
}

model Sums() {
  sum = Sum(by = 1)
  entry add(x: Tensor[N, 3]) -> (mean: Tensor[N, 3]) { return sum(x) }
  entry twice(x: Tensor[N, 3], k: Tensor<i64>[N]) -> (mean: Tensor[N, 3], big: Tensor<bool>[N]) {
    return (sum(2 * x), k > 5)
  }
}`;

interface Files {
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly manifest: ModelManifest;
}

function filesOf(text: string, target?: 'webgpu'): Files {
  const result = build('m.arch', createMemoryHost({ 'm.arch': text }), { target });
  const { artifacts, manifest } = result;
  if (artifacts === undefined || manifest === undefined) throw new Error(rendered(result));
  return { files: Object.fromEntries(artifacts.map(({ name, bytes }) => [name, bytes])), manifest };
}

const { files, manifest } = filesOf(source);
const x = [[1, 1, 1]];

describe('a loaded model', () => {
  test('has entries that share states, which begin with their initial values', async () => {
    await using model = await Model.load(files, manifest);
    expect(model.provider).toBe('cpu');
    expect(manifest.states).toEqual([
      { input: 'sum.total', output: 'sum.total.next' },
      { input: 'sum.count', output: 'sum.count.next' },
    ]);
    expect(await model.states()).toEqual({});
    expect(await model.call('add', { x })).toEqual({ mean: { dtype: 'f32', shape: [1, 3], data: Float32Array.of(2, 3, 4) } });
    expect(await model.call('twice', { x, k: [7n] })).toEqual({
      mean: { dtype: 'f32', shape: [1, 3], data: Float32Array.of(2, 2.5, 3) },
      big: { dtype: 'bool', shape: [1], data: Uint8Array.of(1) },
    });
    expect(await model.states()).toEqual({
      'sum.total': { dtype: 'f32', shape: [1, 3], data: Float32Array.of(4, 5, 6) },
      'sum.count': { dtype: 'f32', shape: [], data: Float32Array.of(2) },
    });
  });

  test('begins again, also with some of the states', async () => {
    await using model = await Model.load(files, manifest);
    await model.call('add', { x });
    await model.reset();
    expect(await model.states()).toEqual({});
    // Another number of rows.
    const two = { x: new Float32Array(6) };
    expect((await model.call('add', two)).mean?.data).toEqual(Float32Array.of(1, 2, 3, 1, 2, 3));
    const given = Float32Array.of(7, 8, 9);
    await model.reset({ 'sum.total': given });
    given.fill(0);
    expect((await model.call('add', { x })).mean?.data).toEqual(Float32Array.of(8, 9, 10));
    await expect(model.reset({ total: [1] })).rejects.toThrow('the model has no input `total`');
  });

  test.each<[string, string, Parameters<Model['call']>[1], string]>([
    ['a missing input', 'twice', { x }, 'FeedError: the input `k` is missing'],
    ['an unknown input', 'add', { x, y: 1 }, 'FeedError: the model has no input `y`: it has `x`'],
    ['a state as an input', 'add', { x, 'sum.count': 1 }, 'FeedError: the model has no input `sum.count`: it has `x`'],
    ['another shape', 'add', { x: [[1, 2]] }, 'FeedError: the input `x` is [N, 3], but [1, 2] was given'],
    ['sizes that do not fit the states', 'add', { x: [...x, ...x] }, 'FeedError: `x` has N = 2, but `sum.total` has N = 1'],
    ['an unknown entry', 'sub', { x }, 'RangeError: the model Sums has no entry sub: it has add, twice'],
  ])('refuses %s, and its states stay', async (_, entry, inputs, message) => {
    await using model = await Model.load(files, manifest);
    await model.call('add', { x });
    const before = await model.states();
    expect(await model.call(entry, inputs).catch(String)).toBe(message);
    expect(await model.states()).toEqual(before);
  });

  test('does overlapping calls one at a time, and can cancel one that waits', async () => {
    await using model = await Model.load(files, manifest);
    const controller = new AbortController();
    const calls = [model.call('add', { x }), model.call('add', { x }, { signal: controller.signal }), model.call('add', { x })];
    controller.abort(new Error('not needed any more'));
    const ended = await Promise.allSettled(calls);
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await model.states())['sum.count']?.data).toEqual(Float32Array.of(2));
  });

  test('demands a state whose size nothing determines', async () => {
    const text = `model M(x: Tensor[N, 2]) -> (y: Tensor[N, 2]) {
      state seen: Tensor[P, 2] = zeros
      next seen = 2 * seen
      return x + sum(seen, axis = 0)
    }`;
    const open = filesOf(text);
    await using model = await Model.load(open.files, open.manifest);
    await expect(model.call('forward', { x: [[1, 2]] })).rejects.toThrow('the input `seen` is missing');
    await model.reset({
      seen: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    });
    expect((await model.call('forward', { x: [[1, 2]] })).y?.data).toEqual(Float32Array.of(10, 14));
  });

  test('gives 16-bit floats as bit patterns', async () => {
    const half = filesOf('model M(x: Tensor<f16>[N]) -> (y: Tensor<f16>[N]) { return x + x }');
    await using model = await Model.load(half.files, half.manifest);
    const { y } = await model.call('forward', { x: [1, 0.5] });
    expect(y).toEqual({ dtype: 'f16', shape: [2], data: Uint16Array.of(0x4000, 0x3c00) });
  });

  test('says what is wrong with its files and its manifest', async () => {
    const { 'm.twice.onnx': _, ...some } = files;
    await expect(Model.load(some, manifest)).rejects.toThrow('the file m.twice.onnx is missing; there are m.add.onnx');
    await expect(Model.load(files, { ...manifest, version: 2 as 1 })).rejects.toThrow(
      'has version 2, but this version of archc supports version 1',
    );
    await expect(Model.load(files, { ...manifest, states: [{ input: 'a', output: 'b' }] })).rejects.toThrow('the model has no input `a`');
  });

  test('that is disposed of says so', async () => {
    const model = await Model.load(files, manifest);
    await model.dispose();
    await model.dispose();
    await expect(model.call('add', { x })).rejects.toThrow('the model was disposed of');
    await expect(model.states()).rejects.toThrow('the model was disposed of');
  });
});

describe.runIf(webgpu)('on WebGPU', () => {
  test('states stay on the device, and are what they are on the processor', async () => {
    const set = filesOf(source, 'webgpu');
    await using cpu = await Model.load(set.files, set.manifest);
    await using gpu = await Model.load(set.files, set.manifest, { provider: 'webgpu' });
    for (const model of [cpu, gpu]) {
      await model.call('add', { x });
      await model.call('twice', { x, k: [1] });
    }
    expect(await gpu.states()).toEqual(await cpu.states());
    const saved = await gpu.states();
    await gpu.call('add', { x });
    await gpu.reset(saved);
    expect(await gpu.call('add', { x })).toEqual(await cpu.call('add', { x }));
  });
});
