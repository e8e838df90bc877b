/// <reference types="node" />
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleBatch, exampleTraining, noisyBatch, noisyModel, type TrainingSet, trainingOf } from '../kit/training-files.js';

const root = resolve(import.meta.dirname, '../..');
const rate = { lr: 1e-3 };

/** The bundle of `npm run build`: the worker is a file beside it. */
async function library(): Promise<typeof import('../../src/runtime.js')> {
  return import(join(root, 'dist/runtime.js'));
}

let cnn: TrainingSet;
let folder: string;

beforeAll(() => {
  cnn = exampleTraining('cnn');
  folder = mkdtempSync(join(tmpdir(), 'archc-worker-'));
  for (const [name, bytes] of Object.entries(cnn.files)) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, 'training.json'), JSON.stringify(cnn.manifest));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a trainer in a worker', () => {
  test('is like one in the same thread', async () => {
    const { Trainer } = await library();
    await using here = await Trainer.load(cnn.files, cnn.manifest, { ...rate, seed: 3 });
    await using there = await Trainer.load(folder, join(folder, 'training.json'), { ...rate, seed: 3, worker: true });
    expect([there.manifest, there.provider, there.lr, there.stepCount]).toEqual([JSON.parse(JSON.stringify(cnn.manifest)), 'cpu', 1e-3, 0]);
    const batches = [0, 1, 2].map((i) => exampleBatch('cnn', 4, i));
    for (const batch of batches) expect(await there.step(batch)).toEqual(await here.step(batch));
    here.lr = 0.01;
    there.lr = 0.01;
    expect(await Promise.all(batches.map((batch) => there.step(batch)))).toEqual(
      await Promise.all(batches.map((batch) => here.step(batch))),
    );
    expect([there.lr, there.stepCount]).toEqual([0.01, 6]);
    expect(await there.evaluate(batches)).toEqual(await here.evaluate(batches));
    const file = join(folder, 'checkpoint.safetensors');
    await there.save(file);
    const saved = Buffer.from(await there.save());
    expect(saved.equals(await here.save())).toBe(true);
    expect(Buffer.from(await there.exportModel()).equals(await here.exportModel())).toBe(true);
    expect(Buffer.from(await there.exportWeights()).equals(await here.exportWeights())).toBe(true);
    expect(there.skippedWeights).toEqual([]);
    await there.step(batches[0]!);
    expect(await there.restore(file)).toEqual({ step: 6, restarted: false, missing: [], different: [], frozen: [], unused: [] });
    expect(there.stepCount).toBe(6);
    expect(Buffer.from(await there.save()).equals(saved)).toBe(true);
  });

  test('evaluates the moving average of the weights', async () => {
    const { Trainer } = await library();
    const { files, manifest } = trainingOf(...noisyModel, { ema: 0.5 });
    const options = { lr: 0.1, seed: 3, threads: 1 };
    await using here = await Trainer.load(files, manifest, options);
    await using there = await Trainer.load(files, manifest, { ...options, worker: true });
    const batch = noisyBatch(0);
    for (const trainer of [here, there]) await trainer.step(batch);
    const averaged = await there.evaluate([batch], { ema: true });
    expect(averaged).toEqual(await here.evaluate([batch], { ema: true }));
    expect(averaged.loss).not.toBe((await there.evaluate([batch])).loss);
  });

  test('reports which steps were skipped', async () => {
    const { Trainer } = await library();
    const { files, manifest } = trainingOf(...noisyModel, { precision: 'f16' });
    await using trainer = await Trainer.load(files, manifest, { ...rate, worker: true });
    const { x, labels } = noisyBatch(0);
    await trainer.step({ x, labels });
    await trainer.step({ x: x.map((value) => 1e30 * value), labels });
    expect([trainer.stepCount, trainer.skippedSteps, trainer.lossScale]).toEqual([2, 1, 2 ** 15]);
  });

  test('lets the program continue during a step', async () => {
    const { Trainer } = await library();
    const batch = exampleBatch('cnn', 64, 0);
    const turnsDuring = async (worker: boolean) => {
      await using trainer = await Trainer.load(cnn.files, cnn.manifest, { ...rate, worker });
      await trainer.step(batch);
      let turns = 0;
      let isDone = false;
      const step = trainer.step(batch).finally(() => {
        isDone = true;
      });
      while (!isDone) {
        await new Promise((resolve) => setImmediate(resolve));
        turns++;
      }
      await step;
      return turns;
    };
    const [inThread, inWorker] = [await turnsDuring(false), await turnsDuring(true)];
    console.log(`turns of the event loop during a step: ${inThread} in the same thread, ${inWorker} with a worker`);
    expect(inThread).toBeLessThan(10);
    expect(inWorker).toBeGreaterThan(100);
  });

  test('has the same errors', async () => {
    const { FeedError, HostError, TrainingError, Trainer } = await library();
    const load = (options: object) => Trainer.load(cnn.files, cnn.manifest, { worker: true, ...options });
    await expect(load({})).rejects.toThrow(TrainingError);
    await expect(Trainer.load(join(folder, 'none'), cnn.manifest, { ...rate, worker: true })).rejects.toThrow(HostError);
    await expect(Trainer.load(() => new Uint8Array(), cnn.manifest, { ...rate, worker: true })).rejects.toThrow(
      'a function that reads files cannot be given to a worker',
    );
    await expect(load({ ...rate, ort: { InferenceSession: 1, Tensor: 1 } })).rejects.toThrow('a module cannot be given to a worker');
    await using trainer = await load(rate);
    const batch = exampleBatch('cnn', 2, 0);
    const error = await trainer.step({ ...batch, labels: [1, 2.5] }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FeedError);
    expect(error).toMatchObject({
      message: 'the input `labels` is i64, but its element [1] is 2.5',
      problem: { kind: 'bad-value', index: [1] },
    });
    await expect(trainer.step([batch, batch])).rejects.toThrow('a step takes one batch, not a list of 2');
    await expect(trainer.evaluate([])).rejects.toThrow('there are no batches to evaluate');
    await expect(trainer.restore(new Uint8Array(3))).rejects.toThrow('cannot restore from the given bytes');
    await expect(trainer.step({ ...batch, labels: (() => 1) as never })).rejects.toThrow(/could not be cloned/);
    expect(() => {
      trainer.lr = Number.NaN;
    }).toThrow('must be at least 0');
    const controller = new AbortController();
    const first = trainer.step(batch);
    const second = trainer.step(batch, { signal: controller.signal });
    controller.abort(new Error('stop'));
    await expect(second).rejects.toThrow('stop');
    await first;
    expect(trainer.stepCount).toBe(1);
    await trainer.dispose();
    await expect(trainer.step(batch)).rejects.toThrow('the trainer was disposed of');
  });

  test('does not keep a program alive that waits for nothing', () => {
    const program = `
      import { Trainer } from ${JSON.stringify(join(root, 'dist/runtime.js'))};
      const trainer = await Trainer.load('.', 'training.json', { lr: 1e-3, worker: true });
      console.log((await trainer.step({ image: new Float32Array(2 * 3 * 24 * 24), labels: [1, 2] })).loss > 0);`;
    writeFileSync(join(folder, 'end.mjs'), program);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['end.mjs'], { cwd: folder, encoding: 'utf8', timeout: 50_000 });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
  });
});
