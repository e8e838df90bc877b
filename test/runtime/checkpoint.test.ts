/// <reference types="node" />
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import { loadTensor } from '../../src/runtime/pure/stored-tensors.js';
import { numbersOf } from '../../src/runtime/pure/tensor-numbers.js';
import { readCheckpoint } from '../../src/runtime/trainer/checkpoint.js';
import { Trainer } from '../../src/runtime.js';
import { exampleBatch, exampleTraining, noisyBatch, noisyModel, type TrainingSet, trainingOf } from '../kit/training-files.js';

const root = resolve(import.meta.dirname, '../..');
const rate = { lr: 1e-3 };
const folders: string[] = [];

let cnn: TrainingSet;
let noisy: TrainingSet;

beforeAll(() => {
  cnn = exampleTraining('cnn');
  noisy = trainingOf(...noisyModel);
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'archc-training-'));
  folders.push(folder);
  return folder;
}

/** The files of a training as a build leaves them. */
function writtenTo(folder: string, { manifest, files }: TrainingSet): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  const path = join(folder, 'training.json');
  writeFileSync(path, JSON.stringify(manifest));
  return path;
}

/** A trainer that has taken two steps. */
async function twoSteps({ files, manifest }: TrainingSet): Promise<Trainer> {
  const trainer = await Trainer.load(files, manifest, rate);
  for (const i of [0, 1]) await trainer.step(exampleBatch('cnn', 4, i));
  return trainer;
}

describe('a restored training continues bit for bit as if it had not stopped', () => {
  test.each<[string, () => TrainingSet, (i: number) => Parameters<Trainer['step']>[0]]>([
    ['convolutions', () => cnn, (i) => exampleBatch('cnn', 4, i)],
    ['an LSTM', () => exampleTraining('lstm'), (i) => exampleBatch('lstm', 4, i)],
    ['dropout and running statistics', () => noisy, noisyBatch],
    ['several batches for a step', () => trainingOf(...noisyModel, { accumulate: 2 }), (i) => [noisyBatch(2 * i), noisyBatch(2 * i + 1)]],
  ])('with %s', async (_, make, batch) => {
    const folder = newFolder();
    const set = make();
    const path = writtenTo(folder, set);
    const file = join(folder, 'checkpoint.safetensors');
    const losses: number[] = [];
    {
      await using whole = await Trainer.load(folder, path, { ...rate, seed: 7 });
      for (let i = 0; i < 6; i++) {
        losses.push((await whole.step(batch(i))).loss);
        if (i === 2) await whole.save(file);
      }
      writeFileSync(join(folder, 'end'), await whole.save());
    }
    await using later = await Trainer.load(folder, path, rate);
    expect(await later.restore(file)).toEqual({ step: 3, restarted: false, missing: [], different: [], frozen: [], unused: [] });
    expect(later.stepCount).toBe(3);
    for (let i = 3; i < 6; i++) expect((await later.step(batch(i))).loss).toBe(losses[i]);
    expect(Buffer.from(await later.save()).equals(readFileSync(join(folder, 'end')))).toBe(true);
  });
});

describe('a checkpoint', () => {
  test('has weights, statistics, and for each weight what the optimizer remembers of it', async () => {
    await using trainer = await Trainer.load(noisy.files, noisy.manifest, { ...rate, seed: -5 });
    await trainer.step(noisyBatch(0));
    const tensors = readCheckpoint(await trainer.save(), 'it');
    const weights = ['fc1.weight', 'fc1.bias', 'bn.weight', 'bn.bias', 'fc2.weight', 'fc2.bias'];
    const moments = ['exp_avg', 'exp_avg_sq'].flatMap((moment) => weights.map((name) => `optimizer.${moment}.${name}`));
    expect([...tensors.keys()].sort()).toEqual([...weights, ...moments, 'bn.running_mean', 'bn.running_var', 'step', 'seed'].sort());
    for (const name of weights)
      for (const moment of ['exp_avg', 'exp_avg_sq'])
        expect(tensors.get(`optimizer.${moment}.${name}`)?.shape).toEqual(tensors.get(name)?.shape);
    expect(numbersOf(loadTensor(tensors.get('step')!))).toEqual(Float64Array.of(1));
    expect(numbersOf(loadTensor(tensors.get('seed')!))).toEqual(Float64Array.of(-5));
    // After one step, the mean of squares is the square of the mean, except for the factors: (g * 0.1)^2 * 0.1 = g^2 * 0.001.
    for (const name of weights) {
      const mean = numbersOf(loadTensor(tensors.get(`optimizer.exp_avg.${name}`)!));
      const squares = numbersOf(loadTensor(tensors.get(`optimizer.exp_avg_sq.${name}`)!));
      for (const [i, value] of mean.entries()) expect(squares[i]).toBeCloseTo(value * value * 0.1, 10);
    }
  });

  test('of a training with frozen layers fits one without, and the other way round', async () => {
    const frozen = exampleTraining('cnn', { freeze: ['conv*'] });
    await using all = await twoSteps(cnn);
    const batches = [exampleBatch('cnn', 8, 50)];
    const wanted = await all.evaluate(batches);
    const ofConvs = ['conv1.weight', 'conv1.bias', 'conv2.weight', 'conv2.bias'];
    const moments = ofConvs.flatMap((name) => [`optimizer.exp_avg.${name}`, `optimizer.exp_avg_sq.${name}`]).sort();

    await using head = await Trainer.load(frozen.files, frozen.manifest, rate);
    const report = await head.restore(await all.save());
    expect({ ...report, frozen: [...report.frozen].sort(), unused: [...report.unused].sort() }).toEqual({
      step: 2,
      restarted: false,
      missing: [],
      different: [],
      frozen: [...ofConvs].sort(),
      unused: moments,
    });
    // The frozen weights are those of the checkpoint, also in what is evaluated, trained and exported.
    const got = await head.evaluate(batches);
    expect(Math.abs(got.loss - wanted.loss)).toBeLessThanOrEqual(1e-6 * wanted.loss);
    // The files name their sources, which differ.
    const weightsOf = async (trainer: Trainer) => decodeOnnx(await trainer.exportModel()).graph?.initializer;
    expect(await weightsOf(head)).toEqual(await weightsOf(all));
    const [a, b] = [await head.step(exampleBatch('cnn', 4, 2)), await all.step(exampleBatch('cnn', 4, 2))];
    expect(Math.abs(a.loss - b.loss)).toBeLessThanOrEqual(1e-6 * b.loss);

    await using again = await Trainer.load(cnn.files, cnn.manifest, rate);
    const back = await again.restore(await head.save());
    expect([...back.missing].sort()).toEqual([...ofConvs, ...moments].sort());
    // The optimizer remembers nothing about the layers that were frozen, so it starts afresh.
    expect({ ...back, missing: [] }).toEqual({ step: 0, restarted: true, missing: [], different: [], frozen: [], unused: [] });
    await again.step(exampleBatch('cnn', 4, 3));
    expect(again.stepCount).toBe(1);
  });

  test('of a model with other layers gives what fits', async () => {
    const source = noisyModel[0].replace('-> fc2: Linear(3)', '-> extra: Linear(12) -> relu -> fc2: Linear(3)');
    const larger = trainingOf(source, noisyModel[1]);
    await using before = await Trainer.load(noisy.files, noisy.manifest, rate);
    await before.step(noisyBatch(0));
    await using after = await Trainer.load(larger.files, larger.manifest, rate);
    const fresh = readCheckpoint(await after.save(), 'fresh');
    await after.step(noisyBatch(0));
    const { step, restarted, missing, different, unused } = await after.restore(await before.save());
    expect([step, restarted, after.stepCount]).toEqual([0, true, 0]);
    const own = (name: string) => [name, `optimizer.exp_avg.${name}`, `optimizer.exp_avg_sq.${name}`];
    expect([...missing].sort()).toEqual([...own('extra.weight'), ...own('extra.bias')].sort());
    expect([...different].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
      own('fc2.weight').map((name) => ({ name, wanted: '[3, 12] f32', found: '[3, 16] f32' })),
    );
    expect(unused).toEqual([]);
    const [was, is] = [readCheckpoint(await before.save(), 'was'), readCheckpoint(await after.save(), 'is')];
    for (const name of ['fc1.weight', 'fc2.bias', 'bn.running_mean']) expect(loadTensor(is.get(name)!)).toEqual(loadTensor(was.get(name)!));
    const ofOptimizer = [...fresh.keys()].filter((name) => name.startsWith('optimizer.'));
    for (const name of ['step', ...ofOptimizer]) expect(loadTensor(is.get(name)!)).toEqual(loadTensor(fresh.get(name)!));
    await after.step(noisyBatch(1));
  });

  test('gives initial weights, also in another precision', async () => {
    await using before = await twoSteps(cnn);
    const tensors = readCheckpoint(await before.save(), 'it');
    const weights = cnn.manifest.weights.map(({ name }) => ({ ...loadTensor(tensors.get(name)!), name }));
    const file = joinChunks(writeSafetensors(weights));
    await using fresh = await Trainer.load(cnn.files, cnn.manifest, { ...rate, weights: file });
    expect(fresh.stepCount).toBe(0);
    const batches = [exampleBatch('cnn', 8, 50)];
    expect(await fresh.evaluate(batches)).toEqual(await before.evaluate(batches));
    const some = joinChunks(writeSafetensors(weights.filter(({ name }) => !name.startsWith('fc2'))));
    await expect(Trainer.load(cnn.files, cnn.manifest, { ...rate, weights: some })).rejects.toThrow(
      'not all weights are in the given bytes: fc2.weight, fc2.bias. `skipMismatch: true` takes the others',
    );
    const doubles = weights.map(({ name, shape, ...tensor }) => {
      return { name, shape, dtype: 'f64' as const, bytes: new Uint8Array(numbersOf({ ...tensor, shape }).buffer) };
    });
    await using other = await Trainer.load(cnn.files, cnn.manifest, { ...rate, weights: joinChunks(writeSafetensors(doubles)) });
    expect(await other.evaluate(batches)).toEqual(await before.evaluate(batches));
  });

  test('of weights alone makes the optimizer start afresh', async () => {
    await using trainer = await twoSteps(cnn);
    const tensors = readCheckpoint(await trainer.save(), 'it');
    const weights = cnn.manifest.weights.map(({ name }) => ({ ...loadTensor(tensors.get(name)!), name }));
    const report = await trainer.restore(joinChunks(writeSafetensors(weights)));
    expect([report.step, report.restarted, trainer.stepCount]).toEqual([0, true, 0]);
    await using fresh = await Trainer.load(cnn.files, cnn.manifest, { ...rate, weights: joinChunks(writeSafetensors(weights)) });
    const batches = [0, 1].map((i) => exampleBatch('cnn', 4, i));
    for (const batch of batches) expect(await trainer.step(batch)).toEqual(await fresh.step(batch));
  });

  test('of another model is refused', async () => {
    await using trainer = await twoSteps(cnn);
    const before = await trainer.save();
    await using other = await Trainer.load(noisy.files, noisy.manifest, rate);
    const tensors = [...readCheckpoint(await other.save(), 'it').values()].filter(({ name }) => /^bn\.|^optimizer\./.test(name));
    const file = joinChunks(writeSafetensors(tensors.map((tensor) => ({ ...loadTensor(tensor), name: tensor.name }))));
    await expect(trainer.restore(file)).rejects.toThrow(/^none of the weights of `Finetune` is in the given bytes: conv1\.weight/);
    expect(Buffer.from(await trainer.save()).equals(before)).toBe(true);
  });

  test('that is damaged changes nothing', async () => {
    const folder = newFolder();
    await using trainer = await twoSteps(cnn);
    const good = await trainer.save();
    const cut = join(folder, 'cut.safetensors');
    writeFileSync(cut, good.subarray(0, good.length - 1));
    await expect(trainer.restore(cut)).rejects.toThrow(/^cannot restore from .*cut\.safetensors: its tensors end at byte/);
    await expect(trainer.restore(new Uint8Array(3))).rejects.toThrow('cannot restore from the given bytes: it is not a safetensors file');
    for (const step of [-5, 2 ** 31 - 1]) {
      const tensors = [...readCheckpoint(good, 'it').values()].map((tensor) => ({ ...loadTensor(tensor), name: tensor.name }));
      const counted = tensors.map((tensor) =>
        tensor.name === 'step' ? { ...tensor, bytes: new Uint8Array(Int32Array.of(step).buffer) } : tensor,
      );
      await expect(trainer.restore(joinChunks(writeSafetensors(counted)))).rejects.toThrow(`its \`step\` is ${step}`);
    }
    await expect(trainer.restore(join(folder, 'none'))).rejects.toThrow(/^cannot read .*none: there is no such file or folder/);
    expect(Buffer.from(await trainer.save()).equals(good)).toBe(true);
  });
});

test('the folder of a checkpoint is made', async () => {
  await using trainer = await twoSteps(cnn);
  const file = join(newFolder(), 'no', 'such', 'c.safetensors');
  await trainer.save(file);
  expect(await trainer.restore(file)).toMatchObject({ step: 2, restarted: false });
});

describe('when a checkpoint cannot be written', () => {
  test('because a part of its path is a file: an error in words', async () => {
    await using trainer = await twoSteps(cnn);
    const folder = newFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(trainer.save(join(folder, 'file', 'c.safetensors'))).rejects.toThrow(/^cannot write .*c\.safetensors: a part of the path/);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('because there is no room: the last one stays, nothing else is left, and the training continues', () => {
    const folder = newFolder();
    const path = writtenTo(join(folder, 'files'), cnn);
    const program = `
      import { Trainer } from ${JSON.stringify(join(root, 'dist/runtime.js'))};
      await using trainer = await Trainer.load(${JSON.stringify(join(folder, 'files'))}, ${JSON.stringify(path)}, { lr: 1e-3 });
    `
      // Node 20 has no \`await using\`.
      .replace('await using', 'const');
    const batch = `{ image: new Float32Array(2 * 3 * 24 * 24).fill(0.5), labels: [1, 2] }`;
    writeFileSync(
      join(folder, 'first.mjs'),
      `${program} await trainer.step(${batch}); await trainer.save('c.safetensors'); await trainer.dispose();`,
    );
    const saved = spawnSync(process.execPath, ['first.mjs'], { cwd: folder, encoding: 'utf8' });
    expect(saved.stderr).toBe('');
    const old = readFileSync(join(folder, 'c.safetensors'));
    const before = readdirSync(folder);
    writeFileSync(
      join(folder, 'first.mjs'),
      `${program}
      await trainer.step(${batch});
      const { name, message } = await trainer.save('c.safetensors').catch((error) => error);
      console.log(name, message);
      console.log((await trainer.step(${batch})).loss, trainer.stepCount);
      await trainer.dispose();`,
    );
    // In blocks of 512 bytes or of 1 KiB, as the shell likes: 2 MiB at most, for 3.8.
    const command = `trap '' XFSZ; ulimit -f 2048; exec "$@"`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command, 'sh', process.execPath, 'first.mjs'], { cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^HostError cannot write c\.safetensors: the file would be larger than is allowed\n\d\.\d+ 2\n$/);
    expect(readFileSync(join(folder, 'c.safetensors')).equals(old)).toBe(true);
    expect(readdirSync(folder)).toEqual(before);
  });
});
