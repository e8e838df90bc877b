/// <reference types="node" />
import { describe, expect, test } from 'vitest';
import { Session, Trainer } from '../../src/runtime.js';
import { builtModel } from '../kit/model-run.js';
import { exampleBatch, exampleTraining, noisyBatch, noisyModel, trainingOf } from '../kit/training-files.js';
import { webgpu } from '../kit/webgpu.js';

/** Scales, counts the rows, and says which elements are positive. */
const source = `model M(x: Tensor[N, 3], k: Tensor<i64>[N]) -> (y: Tensor[N, 3], j: Tensor<i64>[N], b: Tensor<bool>[N, 3]) {
  return (2 * x, k + 1, x > 0)
}`;

function model(): Uint8Array {
  return builtModel(source).bytes;
}

describe('a session', () => {
  test('runs a model with what a program has', async () => {
    await using session = await Session.load(model());
    expect([session.inputs, session.outputs, session.provider]).toEqual([['x', 'k'], ['y', 'j', 'b'], 'cpu']);
    const outputs = await session.run({
      x: [
        [1, 2, 3],
        [-1, 0, 0.5],
      ],
      k: new Int32Array([4, -5]),
    });
    expect(outputs.tensor('y')).toEqual({ dtype: 'f32', shape: [2, 3], data: Float32Array.of(2, 4, 6, -2, 0, 1) });
    expect(outputs.tensor('j')).toEqual({ dtype: 'i64', shape: [2], data: BigInt64Array.of(5n, -4n) });
    expect(outputs.tensor('b')).toEqual({ dtype: 'bool', shape: [2, 3], data: Uint8Array.of(1, 1, 1, 0, 0, 1) });
    expect(() => outputs.tensor('z')).toThrow('the model has no output z: it has y, j, b');
    expect(() => outputs.resident('y')).toThrow('the output y does not stay on the device: list it in `resident`');
  });

  test.each<[string, Parameters<Session['run']>[0], string, string]>([
    ['a missing input', { x: [[1, 2, 3]] }, 'missing-input', 'the input `k` is missing'],
    ['an unknown input', { x: [[1, 2, 3]], k: [1], y: 3 }, 'unknown-input', 'the model has no input `y`: it has `x`, `k`'],
    ['another shape', { x: [[1, 2]], k: [1] }, 'bad-shape', 'the input `x` is [N, 3], but [1, 2] was given'],
    ['another rank', { x: [[1, 2, 3]], k: [[1]] }, 'bad-shape', 'the input `k` is [N], but [1, 1] was given'],
    ['sizes that contradict each other', { x: [[1, 2, 3]], k: [1, 2] }, 'bad-shape', '`x` has N = 1, but `k` has N = 2'],
    [
      'a value out of range',
      { x: [[1, 2, 3]], k: [2n ** 63n] },
      'bad-value',
      'the input `k` is i64, but its element [0] is 9223372036854775808',
    ],
  ])('refuses %s', async (_, inputs, kind, message) => {
    await using session = await Session.load(model());
    const error = await session.run(inputs).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'FeedError', message, problem: { kind } });
  });

  test.each<[string, Parameters<Session['run']>[0], string]>([
    ['an id that the embedding does not have', { ids: [[1, 10]] }, 'the input `ids` must be from 0 to 9, but its element [0, 1] is 10'],
    ['a negative id', { ids: [[-1, 3]] }, 'the input `ids` must be from 0 to 9, but its element [0, 0] is -1'],
    ['a sequence that is too long', { ids: [[1, 2, 3, 4]] }, 'the model needs T <= 3, which'],
  ])('refuses %s, as the file says', async (_, inputs, message) => {
    const { bytes } = builtModel(`model M(ids: Tensor<i64>[N, T]) -> (y: Tensor[N, T, 4])
  where T <= 3
{
  return ids -> tokens: Embedding(10, 4)
}`);
    for (const provider of ['cpu', ...(webgpu ? (['webgpu'] as const) : [])] as const) {
      await using session = await Session.load(bytes, { provider });
      expect((await session.run({ ids: [[0, 9]] })).tensor('y').shape).toEqual([1, 2, 4]);
      await expect(session.run(inputs)).rejects.toMatchObject({ name: 'FeedError', message: expect.stringContaining(message) });
    }
  });

  test('says why ONNX Runtime does not load or run a model', async () => {
    await expect(Session.load(new Uint8Array([1, 2, 3]))).rejects.toThrow('this is not an ONNX model');
    const ort = { InferenceSession: { create: () => Promise.reject(new Error('no\n  kernel')) }, Tensor: Object, env: {} };
    await expect(Session.load(model(), { ort })).rejects.toMatchObject({
      name: 'SessionError',
      message: 'ONNX Runtime could not load the model: no kernel',
    });
    const noAdapter = { ...ort, InferenceSession: { create: () => Promise.reject(new Error('Failed to get a WebGPU adapter: none')) } };
    await expect(Session.load(model(), { ort: noAdapter, provider: 'webgpu' })).rejects.toMatchObject({
      message: 'WebGPU finds no GPU here: use the provider `cpu`',
      problem: { kind: 'no-adapter' },
    });
  });

  test('with a waiting run can cancel it', async () => {
    await using session = await Session.load(model());
    const controller = new AbortController();
    const inputs = { x: [[1, 2, 3]], k: [1] };
    const first = session.run(inputs);
    const second = session.run(inputs, { signal: controller.signal });
    const third = session.run(inputs);
    controller.abort(new Error('not needed any more'));
    await expect(second).rejects.toThrow('not needed any more');
    expect((await first).tensor('y')).toEqual((await third).tensor('y'));
  });

  test('that is disposed of says so', async () => {
    const session = await Session.load(model());
    await session.dispose();
    await session.dispose();
    await expect(session.run({ x: [[1, 2, 3]], k: [1] })).rejects.toThrow('the session was disposed of');
  });
});

describe.runIf(webgpu)('on WebGPU', () => {
  test('a tensor stays on the device from run to run', async () => {
    const { bytes } = builtModel('model M(x: Tensor[N, 3]) -> (y: Tensor[N, 3]) { return 2 * x + 1 }');
    await using session = await Session.load(bytes, { provider: 'webgpu', resident: ['y'] });
    const first = (await session.run({ x: [[1, 2, 3]] })).resident('y');
    const second = (await session.run({ x: first })).resident('y');
    expect(second.shape).toEqual([1, 3]);
    expect(await second.download()).toEqual({ dtype: 'f32', shape: [1, 3], data: Float32Array.of(7, 11, 15) });
    expect(await first.download()).toEqual({ dtype: 'f32', shape: [1, 3], data: Float32Array.of(3, 5, 7) });
    await using other = await Session.load(bytes);
    await expect(other.run({ x: first })).rejects.toThrow('it is on webgpu, and the session on cpu');
    await first.dispose();
    await expect(first.download()).rejects.toThrow('the tensor was disposed of');
    await expect(session.run({ x: first })).rejects.toThrow('the tensor was disposed of');
    await second.dispose();
  });

  test('a training has the losses that it has on the processor, and its checkpoints go from one to the other', async () => {
    const { manifest, files } = exampleTraining('lstm', { target: 'webgpu' });
    const batches = [0, 1, 2, 3].map((i) => exampleBatch('lstm', 4, i));
    await using cpu = await Trainer.load(files, manifest, { lr: 1e-2 });
    await using gpu = await Trainer.load(files, manifest, { lr: 1e-2, provider: 'webgpu' });
    let worst = 0;
    let middle = new Uint8Array();
    const losses: number[] = [];
    for (const [i, batch] of batches.entries()) {
      const [a, b] = [await cpu.step(batch), await gpu.step(batch)];
      worst = Math.max(worst, Math.abs(a.loss - b.loss) / a.loss);
      losses.push(b.loss);
      if (i === 1) middle = new Uint8Array(await gpu.save());
    }
    console.log(`losses ${losses.join(', ')}; largest difference from the processor: ${worst.toExponential(1)}`);
    expect(worst).toBeLessThanOrEqual(1e-5);
    const end = await gpu.save();
    // Back to the middle: the same provider gives the same bits.
    await gpu.restore(middle);
    for (const [i, batch] of batches.slice(2).entries()) expect((await gpu.step(batch)).loss).toBe(losses[i + 2]);
    expect(Buffer.from(await gpu.save()).equals(end)).toBe(true);
    // A step that fails keeps the state on the device.
    await expect(gpu.step({ ...batches[0], labels: [0.5] })).rejects.toThrow('its element [0] is 0.5');
    expect(Buffer.from(await gpu.save()).equals(end)).toBe(true);
    await cpu.restore(end);
    expect(Buffer.from(await cpu.save()).equals(end)).toBe(true);
    expect(Buffer.from(await cpu.exportModel()).equals(await gpu.exportModel())).toBe(true);
    const [onCpu, onGpu] = [await cpu.evaluate(batches), await gpu.evaluate(batches)];
    expect(Math.abs(onCpu.loss - onGpu.loss)).toBeLessThanOrEqual(1e-5 * onCpu.loss);
  });

  test('a step of several batches has the losses that it has on the processor, and draws the same masks', async () => {
    const { manifest, files } = trainingOf(...noisyModel, { accumulate: 2, target: 'webgpu' });
    const batches = (i: number) => [noisyBatch(2 * i), noisyBatch(2 * i + 1)];
    await using cpu = await Trainer.load(files, manifest, { lr: 1e-2, seed: 4 });
    await using gpu = await Trainer.load(files, manifest, { lr: 1e-2, seed: 4, provider: 'webgpu' });
    let worst = 0;
    for (const i of [0, 1, 2]) {
      const [a, b] = [await cpu.step(batches(i)), await gpu.step(batches(i))];
      worst = Math.max(worst, Math.abs(a.loss - b.loss) / a.loss);
    }
    console.log(`largest difference from the processor: ${worst.toExponential(1)}`);
    expect(worst).toBeLessThanOrEqual(1e-5);
  });

  test('a step whose last batch fails is undone as a whole', async () => {
    const source = 'model Flat(x: Tensor[N, 8]) -> (logits: Tensor[N, 3]) { return x -> fc: Linear(3) }';
    const { manifest, files } = trainingOf(source, 'Flat', { accumulate: 2, target: 'webgpu' });
    await using trainer = await Trainer.load(files, manifest, { lr: 1e-2, provider: 'webgpu' });
    const batches = [noisyBatch(0), noisyBatch(1)];
    await trainer.step(batches);
    const before = await trainer.save();
    const bad = { ...noisyBatch(2), x: new Float32Array(64).fill(3e38) };
    await expect(trainer.step([noisyBatch(2), bad])).rejects.toThrow(
      /the loss of step 2 is (?:NaN|Infinity); the weights are as they were before it/,
    );
    expect(Buffer.from(await trainer.save()).equals(before)).toBe(true);
    const { loss } = await trainer.step(batches);
    await trainer.restore(before);
    expect((await trainer.step(batches)).loss).toBe(loss);
    expect(trainer.stepCount).toBe(2);
  });
});
