/// <reference types="node" />
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTensor } from '../../src/runtime/pure/stored-tensors.js';
import { numbersOf } from '../../src/runtime/pure/tensor-numbers.js';
import { readCheckpoint } from '../../src/runtime/trainer/checkpoint.js';
import { Session, Trainer } from '../../src/runtime.js';
import { builtModel } from '../kit/model-run.js';
import { exampleBatch, exampleTraining, noisyBatch, noisyModel, type TrainingSet, trainingOf } from '../kit/training-files.js';
import { webgpu } from '../kit/webgpu.js';

const rate = { lr: 1e-2 };

let noisy: TrainingSet;
let accumulating: TrainingSet;

beforeAll(() => {
  noisy = trainingOf(...noisyModel, { precision: 'f16' });
  accumulating = trainingOf(...noisyModel, { precision: 'f16', accumulate: 2 });
});

/** A batch whose gradients are not finite in f16. */
function overflowing(number: number) {
  const { x, labels } = noisyBatch(number);
  return { x: x.map((value) => 1e30 * value), labels };
}

function tensorsOf(checkpoint: Uint8Array): Record<string, number[]> {
  return Object.fromEntries(
    [...readCheckpoint(checkpoint, 'checkpoint')].map(([name, tensor]) => [name, [...numbersOf(loadTensor(tensor))]]),
  );
}

describe('a step that overflows', () => {
  test('is skipped and counted, and a restored training continues bit for bit', async () => {
    expect(noisy.manifest.lossScale).toEqual({ least: 2 ** -8 });
    await using trainer = await Trainer.load(noisy.files, noisy.manifest, { ...rate, seed: 3 });
    expect([trainer.lossScale, trainer.skippedSteps]).toEqual([2 ** 16, 0]);
    for (let i = 0; i < 2; i++) await trainer.step(noisyBatch(i));
    const before = tensorsOf(await trainer.save());
    await trainer.step(overflowing(2));
    expect([trainer.stepCount, trainer.skippedSteps, trainer.lossScale]).toEqual([3, 1, 2 ** 15]);
    const checkpoint = await trainer.save();
    expect(tensorsOf(checkpoint)).toEqual({ ...before, loss_scale: [2 ** 15], good_steps: [0], skipped_steps: [1] });
    await using later = await Trainer.load(noisy.files, noisy.manifest, rate);
    expect(await later.restore(checkpoint)).toEqual({ step: 3, restarted: false, missing: [], different: [], frozen: [], unused: [] });
    expect([later.stepCount, later.skippedSteps, later.lossScale]).toEqual([3, 1, 2 ** 15]);
    for (const step of [noisyBatch(3), overflowing(4), noisyBatch(5)]) expect(await later.step(step)).toEqual(await trainer.step(step));
    expect(Buffer.from(await later.save()).equals(await trainer.save())).toBe(true);
    expect([later.stepCount, later.skippedSteps, later.lossScale]).toEqual([6, 2, 2 ** 14]);
  });

  test('changes no running statistics where it is taken from several batches', async () => {
    await using trainer = await Trainer.load(accumulating.files, accumulating.manifest, rate);
    await trainer.step([noisyBatch(0), noisyBatch(1)]);
    const before = tensorsOf(await trainer.save());
    await trainer.step([noisyBatch(2), overflowing(3)]);
    expect(tensorsOf(await trainer.save())).toEqual({ ...before, loss_scale: [2 ** 15], good_steps: [0], skipped_steps: [1] });
    await trainer.step([noisyBatch(2), noisyBatch(3)]);
    const after = tensorsOf(await trainer.save());
    expect(after['bn.running_mean']).not.toEqual(before['bn.running_mean']);
    expect([after.step, after.good_steps, trainer.stepCount]).toEqual([[2], [1], 3]);
  });

  test.each([
    ['the gradients', 1e30],
    ['the loss', Number.NaN],
  ])('ends the training once a lower scale does not help %s', async (_, value) => {
    await using trainer = await Trainer.load(noisy.files, noisy.manifest, rate);
    const { x, labels } = noisyBatch(0);
    const batch = { x: x.map((one) => value * one), labels };
    for (let i = 0; i < 24; i++) await trainer.step(batch);
    expect(trainer.lossScale).toBe(2 ** -8);
    const before = await trainer.save();
    const error = await trainer.step(batch).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'TrainingError', problem: { kind: 'overflow', step: 25, scale: 2 ** -8 } });
    expect((error as Error).message).toMatch('steps have been skipped until the loss was scaled by 0.00390625');
    expect(Buffer.from(await trainer.save()).equals(before)).toBe(true);
    expect(trainer.stepCount).toBe(24);
  });
});

test('a checkpoint of f16 continues in f32, and the other way round', async () => {
  const whole = trainingOf(...noisyModel);
  const states = ['good_steps', 'loss_scale', 'skipped_steps'];
  await using half = await Trainer.load(noisy.files, noisy.manifest, { ...rate, seed: 3 });
  for (const batch of [noisyBatch(0), noisyBatch(1), overflowing(2)]) await half.step(batch);
  expect([half.stepCount, half.skippedSteps]).toEqual([3, 1]);
  const checkpoint = await half.save();
  await using plain = await Trainer.load(whole.files, whole.manifest, rate);
  const { unused, ...rest } = await plain.restore(checkpoint);
  // The skipped steps do not count in a training that skips none.
  expect([rest, [...unused].sort()]).toEqual([{ step: 2, restarted: false, missing: [], different: [], frozen: [] }, states]);
  expect(await plain.evaluate([noisyBatch(9)])).toEqual(await half.evaluate([noisyBatch(9)]));
  await plain.step(noisyBatch(4));

  await using back = await Trainer.load(noisy.files, noisy.manifest, rate);
  const { missing, ...others } = await back.restore(await plain.save());
  expect([others, [...missing].sort()]).toEqual([{ step: 3, restarted: false, different: [], frozen: [], unused: [] }, states]);
  expect([back.lossScale, back.skippedSteps]).toEqual([2 ** 16, 0]);
  expect(await back.evaluate([noisyBatch(9)])).toEqual(await plain.evaluate([noisyBatch(9)]));
  await back.step(noisyBatch(5));
  expect([back.stepCount, back.skippedSteps]).toEqual([4, 0]);
});

test('without f16, no step is skipped', async () => {
  const { files, manifest } = trainingOf(...noisyModel);
  await using trainer = await Trainer.load(files, manifest, rate);
  expect([trainer.skippedSteps, trainer.lossScale, manifest.lossScale]).toEqual([0, undefined, undefined]);
  const { x, labels } = noisyBatch(0);
  await expect(trainer.step({ x: x.map(() => Number.NaN), labels })).rejects.toThrow('the loss of step 1 is NaN');
});

test('the CNN learns in f16: held-out images of ten classes are told apart', async () => {
  const { files, manifest } = exampleTraining('cnn', { precision: 'f16' });
  await using trainer = await Trainer.load(files, manifest, { lr: 1e-3 });
  for (let i = 0; i < 40; i++) await trainer.step(exampleBatch('cnn', 16, i));
  const { accuracy } = await trainer.evaluate([900, 901].map((i) => exampleBatch('cnn', 32, i)));
  expect(accuracy).toBe(1);
});

describe('a GPU without f16', () => {
  const reason = 'Non-zero status code returned while running Cast node. Program Cast requires f16 but the device does not support it.';
  const message = /its WebGPU adapter does not have `shader-f16`: load a file that is built without f16/;

  test('is refused by name', async () => {
    const session = { inputNames: ['x'], outputNames: ['y'], run: () => Promise.reject(new Error(reason)), release: async () => {} };
    const ort = { InferenceSession: { create: async () => session }, Tensor: Object, env: {} };
    const { files, manifest } = noisy;
    await expect(Trainer.load(files, manifest, { ...rate, provider: 'webgpu', ort })).rejects.toMatchObject({
      name: 'SessionError',
      message: expect.stringMatching(message),
      problem: { kind: 'no-half' },
    });
    const other = { ...session, run: () => Promise.reject(new Error('no memory')) };
    const broken = { ...ort, InferenceSession: { create: async () => other } };
    await expect(Trainer.load(files, manifest, { ...rate, provider: 'webgpu', ort: broken })).rejects.toThrow(
      'ONNX Runtime could not compute in f16: no memory',
    );
  });

  test.runIf(webgpu)('is this software GPU', async () => {
    const { files, manifest } = trainingOf(...noisyModel, { precision: 'f16', target: 'webgpu' });
    await expect(Trainer.load(files, manifest, { ...rate, provider: 'webgpu' })).rejects.toThrow(message);
    const model = builtModel('model M(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) { return x -> fc: Linear(2) }', {
      dtype: 'f16',
      io: 'f32',
      target: 'webgpu',
    });
    const refused = { name: 'SessionError', message: expect.stringMatching(message), problem: { kind: 'no-half' } };
    await expect(Session.load(model.bytes, { provider: 'webgpu' })).rejects.toMatchObject(refused);
  });
});
