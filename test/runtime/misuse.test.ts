/// <reference types="node" />
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from '../../src/build.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { Model, Session, Trainer } from '../../src/runtime.js';
import { noisyBatch, noisyModel, type TrainingSet, trainingOf } from '../kit/training-files.js';

const rate = { lr: 1e-3 };
const twice = build('m.arch', createMemoryHost({ 'm.arch': 'model M(x: Tensor[N]) -> (y: Tensor[N]) { return 2 * x }' }));

let noisy: TrainingSet;
let folder: string;

beforeAll(() => {
  noisy = trainingOf(...noisyModel);
  folder = mkdtempSync(join(tmpdir(), 'archc-misuse-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const loadTrainer = (options: object) => Trainer.load(noisy.files, noisy.manifest, options);
const loadModel = (options: object) => Model.load({ 'm.onnx': twice.bytes! }, twice.manifest!, options);
const loadSession = (options: object) => Session.load(twice.bytes!, options);

describe('options', () => {
  test.each<[string, object, string]>([
    [
      'a provider that is not there',
      { provider: 'cuda' },
      'RangeError: `provider` is one of cpu, webgpu, wasm, or a list of them, not "cuda"',
    ],
    ['no thread', { threads: 0 }, 'RangeError: `threads` is a whole number from 1 on, not 0'],
    ['half a thread', { threads: 1.5 }, 'RangeError: `threads` is a whole number from 1 on, not 1.5'],
    ['what is no object', { sessionOptions: 'all' }, 'TypeError: `sessionOptions` is an object, not a string'],
    ['a misspelled name', { Provider: 'cpu' }, 'TypeError: there is no option `Provider`: did you mean `provider`?'],
  ])('%s is refused', async (_, options, message) => {
    for (const load of [loadSession, loadModel, (other: object) => loadTrainer({ ...rate, ...other })])
      expect(await load(options).catch(String)).toBe(message);
    expect(await loadTrainer({ ...rate, ...options, worker: true }).catch(String)).toBe(message);
  });

  test('of another function are refused', async () => {
    expect(await loadTrainer({ ...rate, learningRate: 1 }).catch(String)).toBe(
      'TypeError: there is no option `learningRate`: there are provider, ort, wasmPaths, threads, sessionOptions, seed, lr, weights, skipMismatch, worker',
    );
    expect(await loadModel({ resident: ['y'] }).catch(String)).toBe(
      'TypeError: there is no option `resident`: there are provider, ort, wasmPaths, threads, sessionOptions, weights, signal, onProgress, cache, worker',
    );
    await using trainer = await loadTrainer(rate);
    expect(await trainer.exportModel({ EMA: true } as never).catch(String)).toBe(
      'TypeError: there is no option `EMA`: did you mean `ema`?',
    );
    expect(await trainer.exportWeights({ average: true } as never).catch(String)).toBe(
      'TypeError: there is no option `average`: there is ema',
    );
    expect(await trainer.evaluate([noisyBatch(0)], { emma: true } as never).catch(String)).toContain('did you mean `ema`?');
    expect(await trainer.step(noisyBatch(0), { singal: 1 } as never).catch(String)).toContain('did you mean `signal`?');
  });
});

describe('a trainer', () => {
  test('says what it needs to be loaded', async () => {
    const load = (...args: unknown[]) => (Trainer.load as (...args: unknown[]) => Promise<unknown>)(...args).catch(String);
    const manifest = 'TrainingError: the manifest of the training cannot be used: ';
    expect(await load(noisy.files)).toBe(`${manifest}it is undefined, and not what NAME.train.json has, nor the place of this file`);
    expect(await load(noisy.files, null, rate)).toContain(`${manifest}it is null`);
    expect(await load(noisy.files, rate)).toBe(`${manifest}it has no version`);
    expect(await load(undefined, noisy.manifest, rate)).toBe(
      'HostError: the files are not given: give their folder, the files by name, or a function that reads one',
    );
    expect(await load(new Uint8Array(3), noisy.manifest, rate)).toContain('HostError: the files are not given: ');
  });

  test('says what a step and an evaluation take', async () => {
    await using trainer = await loadTrainer(rate);
    const step = (batch?: unknown) => trainer.step(batch as never).catch(String);
    const inputs = 'FeedError: the inputs are given by name, as an object with `x`, `labels`, not as ';
    expect(await step()).toBe(`${inputs}undefined`);
    expect(await step(null)).toBe(`${inputs}null`);
    expect(await step(3)).toBe(`${inputs}a number`);
    expect(await step(new Float32Array(3))).toBe(`${inputs}a Float32Array`);
    expect(await step([noisyBatch(0), noisyBatch(1)])).toBe('TrainingError: a step takes one batch, not a list of 2');
    expect(await step([])).toBe('TrainingError: a step takes one batch, not a list of 0');
    expect((await trainer.step([noisyBatch(0)])).loss).toBeGreaterThan(0);
    const evaluate = (batches?: unknown) => trainer.evaluate(batches as never).catch(String);
    const lists = 'TrainingError: `evaluate` takes a list of batches, or whatever gives one after the other';
    expect(await evaluate()).toBe(lists);
    expect(await evaluate(noisyBatch(0))).toBe(`${lists}: \`evaluate([batch])\``);
    expect(await evaluate([undefined])).toBe(`${inputs}undefined`);
  });

  test('says which input is probably meant', async () => {
    await using trainer = await loadTrainer(rate);
    const { labels, ...others } = noisyBatch(0);
    await expect(trainer.step({ ...others, lables: labels })).rejects.toThrow('the model has no input `lables`: did you mean `labels`?');
    await expect(trainer.step({ ...others, target: labels })).rejects.toThrow('the model has no input `target`: it has `x`, `labels`');
  });

  test('with adapters takes their folder', async () => {
    const { files, manifest } = trainingOf(...noisyModel, { freeze: ['fc2\n  lora(rank = 2, alpha = 4) on fc2'] });
    await using trainer = await Trainer.load(files, manifest, rate);
    const file = join(folder, 'checkpoint.safetensors');
    await trainer.save(file);
    const message = /a folder with adapter_model\.safetensors and adapter_config\.json/;
    for (const source of [file, pathToFileURL(file), await trainer.save()] as never[])
      await expect(trainer.restoreAdapters(source)).rejects.toThrow(message);
  });
});

describe('a session', () => {
  test('loads a model from its path, its URL and a blob, with the data file next to it', async () => {
    const large = 'model L(x: Tensor[N, 64]) -> (y: Tensor[N, 64]) { return x -> fc: Linear(64) }';
    const { artifacts = [] } = build(
      'l.arch',
      createMemoryHost({ 'l.arch': `${large}\ntrain T for L {\n  loss = mean(y)\n  optimizer sgd(0.1)\n}` }),
      {
        train: 'T',
      },
    );
    for (const { name, bytes } of artifacts) writeFileSync(join(folder, name), bytes);
    expect(artifacts.map(({ name }) => name)).toContain('l.data');
    const path = join(folder, 'l.onnx');
    const x = { data: new Float32Array(64).fill(1), shape: [1, 64] };
    const results: unknown[] = [];
    for (const place of [path, pathToFileURL(path)]) {
      await using session = await Session.load(place);
      results.push((await session.run({ x })).tensor('y'));
    }
    expect(results[0]).toEqual(results[1]);
    await using small = await Session.load(new Blob([twice.bytes as Uint8Array<ArrayBuffer>]));
    expect((await small.run({ x: [1] })).tensor('y').data).toEqual(Float32Array.of(2));
    await expect(Session.load(join(folder, 'none.onnx'))).rejects.toThrow(/cannot read .*none\.onnx: there is no such file/);
    expect(await Session.load(undefined as never).catch(String)).toBe(
      'TypeError: a model is given by its place, as bytes or as a blob, not as undefined',
    );
  });

  test('and a model say what a run takes', async () => {
    await using session = await loadSession({});
    await using model = await loadModel({});
    for (const run of [(inputs?: unknown) => session.run(inputs as never), (inputs?: unknown) => model.call('forward', inputs as never)]) {
      expect(await run().catch(String)).toBe('FeedError: the inputs are given by name, as an object with `x`, not as undefined');
      expect(await run([1]).catch(String)).toBe('FeedError: the inputs are given by name, as an object with `x`, not as a list');
      expect(await run({ X: [1] }).catch(String)).toBe('FeedError: the model has no input `X`: did you mean `x`?');
    }
  });
});
