/// <reference types="node" />
import { beforeAll, describe, expect, test } from 'vitest';
import type { TensorInput } from '../../src/api/runtime.js';
import { loadTensor } from '../../src/runtime/pure/stored-tensors.js';
import { numbersOf } from '../../src/runtime/pure/tensor-numbers.js';
import { readCheckpoint } from '../../src/runtime/trainer/checkpoint.js';
import { Trainer } from '../../src/runtime.js';
import { exampleBatch, exampleTraining, noisyBatch, noisyModel, type TrainingSet, trainingOf } from '../kit/training-files.js';

const rate = { lr: 1e-3 };

let cnn: TrainingSet;
let lstm: TrainingSet;
let noisy: TrainingSet;

beforeAll(() => {
  cnn = exampleTraining('cnn');
  lstm = exampleTraining('lstm');
  noisy = trainingOf(...noisyModel);
});

/** The tensors of a checkpoint as numbers. */
function tensorsOf(checkpoint: Uint8Array): Record<string, number[]> {
  return Object.fromEntries(
    [...readCheckpoint(checkpoint, 'checkpoint')].map(([name, tensor]) => [name, [...numbersOf(loadTensor(tensor))]]),
  );
}

/** The losses of the steps with these batches. */
async function lossesOf(trainer: Trainer, batches: readonly Readonly<Record<string, TensorInput>>[]): Promise<number[]> {
  const losses: number[] = [];
  for (const batch of batches) losses.push((await trainer.step(batch)).loss);
  return losses;
}

describe('steps', () => {
  test.each(['cnn', 'lstm'] as const)('give what the graph of the %s gives with new tensors in each run', async (name) => {
    const { manifest, files } = name === 'cnn' ? cnn : lstm;
    const ort = await import('onnxruntime-node');
    const session = await ort.InferenceSession.create(files[manifest.train.file]!, { logSeverityLevel: 3 });
    await using trainer = await Trainer.load(files, manifest, rate);
    const before = readCheckpoint(files[manifest.stateFile]!, 'state');
    const feeds: Record<string, InstanceType<typeof ort.Tensor>> = { lr: new ort.Tensor('float32', Float32Array.of(1e-3), []) };
    for (const { input = '', start } of manifest.train.signature.states) {
      const { shape, dtype } = manifest.train.signature.inputs.find((known) => known.name === input)!;
      const sizes = shape as readonly number[];
      const count = sizes.reduce((a, b) => a * b, 1);
      const stored = start.kind === 'stored' ? Float32Array.from(numbersOf(loadTensor(before.get(input)!))) : new Float32Array(count);
      feeds[input] = dtype === 'i32' ? new ort.Tensor('int32', Int32Array.of(0), []) : new ort.Tensor('float32', stored, sizes);
    }
    const wanted: unknown[] = [];
    const got: number[] = [];
    for (let i = 0; i < 6; i++) {
      const batch = exampleBatch(name, 8, i);
      const ofBatch = Object.entries(batch).map(([key, { data, shape }]) => {
        return [key, data instanceof Float32Array ? new ort.Tensor('float32', data, shape) : new ort.Tensor('int64', data, shape)] as const;
      });
      const results = await session.run({ ...feeds, ...Object.fromEntries(ofBatch) });
      wanted.push((results.loss!.data as Float32Array)[0]);
      for (const { input = '', output } of manifest.train.signature.states)
        if (output !== undefined) feeds[input] = results[output] as (typeof feeds)[string];
      got.push((await trainer.step(batch)).loss);
    }
    expect(got).toEqual(wanted);
    const after = tensorsOf(await trainer.save());
    for (const { name: weight } of manifest.weights) expect(after[weight]).toEqual([...(feeds[weight]!.data as Float32Array)]);
    expect(trainer.stepCount).toBe(6);
    await session.release();
  });

  test('that overlap are taken one at a time', async () => {
    const batches = [0, 1, 2, 3].map((i) => exampleBatch('lstm', 4, i));
    await using one = await Trainer.load(lstm.files, lstm.manifest, rate);
    await using other = await Trainer.load(lstm.files, lstm.manifest, rate);
    const wanted = await lossesOf(one, batches);
    const got = await Promise.all(batches.map((batch) => other.step(batch)));
    expect(got.map(({ loss }) => loss)).toEqual(wanted);
    expect(tensorsOf(await other.save())).toEqual(tensorsOf(await one.save()));
  });

  test('learn: held-out images of ten classes are told apart', async () => {
    await using trainer = await Trainer.load(cnn.files, cnn.manifest, rate);
    const held = [900, 901].map((i) => exampleBatch('cnn', 32, i));
    const before = await trainer.evaluate(held);
    await lossesOf(
      trainer,
      Array.from({ length: 40 }, (_, i) => exampleBatch('cnn', 16, i)),
    );
    const after = await trainer.evaluate(held);
    console.log(
      `held-out images: loss ${before.loss.toFixed(3)} -> ${after.loss.toFixed(3)}, accuracy ${before.accuracy} -> ${after.accuracy}`,
    );
    expect(after.accuracy).toBe(1);
  });

  test('draw the masks of dropout from the seed', async () => {
    const batches = [0, 1, 2].map(noisyBatch);
    const run = async (seed: number) => {
      await using trainer = await Trainer.load(noisy.files, noisy.manifest, { ...rate, seed });
      return await lossesOf(trainer, batches);
    };
    const [a, b, c] = [await run(1), await run(1), await run(2)];
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });
});

describe('evaluation', () => {
  test('weights each batch by what counts in it', async () => {
    await using trainer = await Trainer.load(cnn.files, cnn.manifest, rate);
    const [long, short] = [exampleBatch('cnn', 8, 50), exampleBatch('cnn', 3, 51)];
    const whole = {
      image: {
        data: Float32Array.of(...(long.image!.data as Float32Array), ...(short.image!.data as Float32Array)),
        shape: [11, 3, 24, 24],
      },
      labels: [...(long.labels!.data as BigInt64Array), ...(short.labels!.data as BigInt64Array)],
    };
    const apart = await trainer.evaluate([long, short]);
    const together = await trainer.evaluate([whole]);
    // Both are means of 11 numbers in f32, summed in another order.
    expect(Math.abs(apart.loss - together.loss)).toBeLessThanOrEqual(11 * 2 ** -24 * together.loss);
    expect(apart.accuracy).toBeCloseTo(together.accuracy!, 6);
    expect(trainer.stepCount).toBe(0);
  });

  test('takes batches that come in time, and has neither dropout nor an effect', async () => {
    await using trainer = await Trainer.load(noisy.files, noisy.manifest, rate);
    await trainer.step(noisyBatch(0));
    async function* batches() {
      for (const i of [1, 2]) yield noisyBatch(await Promise.resolve(i));
    }
    const before = await trainer.save();
    const first = await trainer.evaluate(batches());
    expect(await trainer.evaluate(batches())).toEqual(first);
    expect(Buffer.from(await trainer.save()).equals(before)).toBe(true);
  });

  test('is 0 where no label counts, and a step with such a batch is, too', async () => {
    await using trainer = await Trainer.load(noisy.files, noisy.manifest, rate);
    const batch = noisyBatch(0);
    const ignored = { ...batch, labels: batch.labels.map(() => -100) };
    expect(await trainer.evaluate([ignored, ignored])).toEqual({ loss: 0, accuracy: 0 });
    expect(await trainer.evaluate([ignored, batch])).toEqual(await trainer.evaluate([batch]));
    expect(await trainer.step(ignored)).toEqual({ loss: 0, accuracy: 0 });
    expect(Number.isFinite((await trainer.step(batch)).loss)).toBe(true);
  });

  test('of nothing is an error', async () => {
    await using trainer = await Trainer.load(noisy.files, noisy.manifest, rate);
    await expect(trainer.evaluate([])).rejects.toThrow('there are no batches to evaluate');
  });
});

describe('the learning rate', () => {
  test('counts from the next step on', async () => {
    await using trainer = await Trainer.load(lstm.files, lstm.manifest, rate);
    const before = tensorsOf(await trainer.save());
    trainer.lr = 0;
    await trainer.step(exampleBatch('lstm', 4, 0));
    const after = tensorsOf(await trainer.save());
    for (const { name } of lstm.manifest.weights) expect(after[name]).toEqual(before[name]);
    trainer.lr = 0.1;
    expect(trainer.lr).toBe(0.1);
    await trainer.step(exampleBatch('lstm', 4, 0));
    const last = tensorsOf(await trainer.save());
    for (const { name } of lstm.manifest.weights) expect(last[name]).not.toEqual(before[name]);
    expect(() => {
      trainer.lr = Number.NaN;
    }).toThrow('the learning rate is NaN, and must be at least 0 and finite in f32');
    for (const lr of [-1, 1e39]) await expect(Trainer.load(cnn.files, cnn.manifest, { lr })).rejects.toThrow(`the learning rate is ${lr}`);
  });

  test('must be given where the graph takes it, and cannot where it computes it', async () => {
    await expect(Trainer.load(lstm.files, lstm.manifest)).rejects.toThrow('`Finetune` takes its learning rate from the program: give `lr`');
    const own = exampleTraining('lstm', { lr: '0.001' });
    await expect(Trainer.load(own.files, own.manifest, rate)).rejects.toThrow('`Finetune` computes its learning rate itself');
    await using trainer = await Trainer.load(own.files, own.manifest);
    expect(trainer.lr).toBeUndefined();
    expect(() => {
      trainer.lr = 1;
    }).toThrow('`Finetune` computes its learning rate itself: write `lr = input` in its optimizer to give it');
    await using other = await Trainer.load(lstm.files, lstm.manifest, rate);
    const batches = [0, 1].map((i) => exampleBatch('lstm', 4, i));
    expect(await lossesOf(trainer, batches)).toEqual(await lossesOf(other, batches));
  });
});

describe('a step that cannot be taken leaves everything as it was', () => {
  const good = exampleBatch('cnn', 2, 0);
  test.each<[string, Record<string, TensorInput>, string]>([
    ['a missing input', { image: good.image! }, 'the input `labels` is missing'],
    ['an unknown input', { ...good, lables: [1] }, 'the model has no input `lables`'],
    ['a state', { ...good, step: 3 }, 'the model has no input `step`'],
    ['the learning rate', { ...good, lr: 3 }, 'the model has no input `lr`'],
    [
      'another shape',
      { ...good, image: { data: new Float32Array(2 * 3 * 24 * 25), shape: [2, 3, 24, 25] } },
      'the input `image` is [N, 3, 24, 24], but [2, 3, 24, 25] was given',
    ],
    ['sizes that contradict each other', { ...good, labels: [1, 2, 3] }, '`image` has N = 2, but `labels` has N = 3'],
    ['a batch of nothing', { image: new Float32Array(0), labels: [] }, 'the model needs N >= 1, which does not hold for N = 0'],
    [
      'a label that is not a class',
      { ...good, labels: [1, 10] },
      'the input `labels` must be from 0 to 9, or -100, but its element [1] is 10',
    ],
    ['a negative label', { ...good, labels: [-1, 1] }, 'the input `labels` must be from 0 to 9, or -100, but its element [0] is -1'],
    ['a value of another type', { ...good, labels: [1, 2.5] }, 'the input `labels` is i64, but its element [1] is 2.5'],
  ])('%s', async (_, batch, message) => {
    await using trainer = await Trainer.load(cnn.files, cnn.manifest, rate);
    await trainer.step(good);
    const before = await trainer.save();
    await expect(trainer.step(batch)).rejects.toThrow(message);
    expect(Buffer.from(await trainer.save()).equals(before)).toBe(true);
    expect(trainer.stepCount).toBe(1);
    await using other = await Trainer.load(cnn.files, cnn.manifest, rate);
    await other.step(good);
    expect((await trainer.step(good)).loss).toBe((await other.step(good)).loss);
  });

  test('a loss that is not finite', async () => {
    await using trainer = await Trainer.load(noisy.files, noisy.manifest, rate);
    await trainer.step(noisyBatch(0));
    const before = await trainer.save();
    const bad = { x: new Float32Array(64).fill(3e38), labels: noisyBatch(0).labels };
    await expect(trainer.step(bad)).rejects.toThrow('the loss of step 2 is NaN; the weights are as they were before it');
    expect(Buffer.from(await trainer.save()).equals(before)).toBe(true);
    await using other = await Trainer.load(noisy.files, noisy.manifest, rate);
    await other.step(noisyBatch(0));
    expect((await trainer.step(noisyBatch(1))).loss).toBe((await other.step(noisyBatch(1))).loss);
  });

  test('weights that were infinite or NaN before are found, and not saved', async () => {
    await using trainer = await Trainer.load(lstm.files, lstm.manifest, rate);
    const checkpoint = await trainer.save();
    const start = 8 + Number(new DataView(checkpoint.buffer, checkpoint.byteOffset).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(checkpoint.subarray(8, start)));
    checkpoint.set(new Uint8Array(Float32Array.of(Number.NaN).buffer), start + header['fc.weight'].data_offsets[0]);
    await trainer.restore(checkpoint);
    await expect(trainer.step(exampleBatch('lstm', 4, 0))).rejects.toThrow(
      'the loss of step 1 is NaN, because some already were before it (fc.weight): restore a checkpoint',
    );
    await expect(trainer.save()).rejects.toThrow('the state is not saved: fc.weight is infinite or NaN');
  });

  test('a step that is taken out of the queue', async () => {
    await using trainer = await Trainer.load(lstm.files, lstm.manifest, rate);
    const controller = new AbortController();
    const first = trainer.step(exampleBatch('lstm', 4, 0));
    const second = trainer.step(exampleBatch('lstm', 4, 1), { signal: controller.signal });
    controller.abort(new Error('stop'));
    await expect(second).rejects.toThrow('stop');
    await first;
    expect(trainer.stepCount).toBe(1);
  });
});

describe('several batches for a step', () => {
  test('give the gradient of all of them together', async () => {
    const whole = exampleBatch('cnn', 8, 0);
    const parts = [[0, 6] as const, [6, 8] as const].map(([from, to]) => ({
      image: { data: (whole.image!.data as Float32Array).slice(from * 1728, to * 1728), shape: [to - from, 3, 24, 24] },
      labels: { data: (whole.labels!.data as BigInt64Array).slice(from, to), shape: [to - from] },
    }));
    const { manifest, files } = exampleTraining('cnn', { accumulate: 2 });
    await using accumulating = await Trainer.load(files, manifest, rate);
    await using plain = await Trainer.load(cnn.files, cnn.manifest, rate);
    const [a, b] = [await accumulating.step(parts), await plain.step(whole)];
    const [mine, wanted] = [tensorsOf(await accumulating.save()), tensorsOf(await plain.save())];
    expect(Object.keys(mine)).toEqual(Object.keys(wanted));
    // After one step, this is a tenth of the gradient.
    let worst = 0;
    for (const [name, values] of Object.entries(wanted)) {
      if (!name.startsWith('optimizer.exp_avg.')) continue;
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      for (const [i, value] of values.entries()) worst = Math.max(worst, Math.abs(mine[name]![i]! - value) / largest);
    }
    console.log(`largest difference of a gradient: ${worst.toExponential(1)} of the largest; of the loss: ${Math.abs(a.loss - b.loss)}`);
    expect(worst).toBeLessThanOrEqual(1e-5);
    expect(Math.abs(a.loss - b.loss)).toBeLessThanOrEqual(1e-6 * b.loss);
    expect(accumulating.stepCount).toBe(1);
  });

  test('are all undone if one of them fails', async () => {
    const { manifest, files } = trainingOf(...noisyModel, { accumulate: 2 });
    await using trainer = await Trainer.load(files, manifest, rate);
    await trainer.step([noisyBatch(0), noisyBatch(1)]);
    const before = await trainer.save();
    const bad = { x: new Float32Array(64).fill(3e38), labels: noisyBatch(0).labels };
    await expect(trainer.step([noisyBatch(2), bad])).rejects.toThrow('the loss of step 2 is NaN');
    await expect(trainer.step(noisyBatch(2))).rejects.toThrow(
      'a step takes a list of 2 batches, because the training accumulates; 1 was given',
    );
    expect(Buffer.from(await trainer.save()).equals(before)).toBe(true);
    await using other = await Trainer.load(files, manifest, rate);
    await other.step([noisyBatch(0), noisyBatch(1)]);
    const next = [noisyBatch(3), noisyBatch(4)];
    expect(await trainer.step(next)).toEqual(await other.step(next));
    expect(Buffer.from(await trainer.save()).equals(await other.save())).toBe(true);
  });
});

test('what is disposed of says so', async () => {
  const trainer = await Trainer.load(lstm.files, lstm.manifest, rate);
  const step = trainer.step(exampleBatch('lstm', 4, 0));
  await trainer.dispose();
  expect((await step).loss).toBeGreaterThan(0);
  await expect(trainer.step(exampleBatch('lstm', 4, 0))).rejects.toThrow('the trainer was disposed of');
  await trainer.dispose();
});

test('a manifest that cannot be used is refused', async () => {
  const { files, manifest } = lstm;
  const load = (changed: object) => Trainer.load(files, { ...manifest, ...changed } as typeof manifest, rate);
  await expect(load({ version: 2 })).rejects.toThrow('its version is 2, and this version of archc knows 1');
  await expect(load({ eval: undefined })).rejects.toThrow('it has no graph `eval`');
  await expect(load({ accumulate: 4 })).rejects.toThrow('it accumulates 4 batches, but has no graphs for that');
  const [layout, ...others] = manifest.moments;
  const moments = [
    { ...layout, parts: layout!.parts.slice(1) },
    { ...others[0], parts: others[0]!.parts.slice(0, 1) },
  ];
  await expect(load({ moments })).rejects.toThrow('the parts of `optimizer.exp_avg_sq.0` (exp_avg_sq) do not fill it');
  await expect(load({ stateFile: 'none' })).rejects.toThrow('the file none is missing');
  await expect(Trainer.load(files, new TextEncoder().encode('{'), rate)).rejects.toThrow('it is not JSON');
  await expect(Trainer.load('.', { ...manifest, stateFile: '../../etc/passwd' }, rate)).rejects.toThrow('is outside the given folder');
  await expect(Trainer.load({ ...files, [manifest.train.file]: new Uint8Array(8) }, manifest, rate)).rejects.toThrow(
    'this is not an ONNX model',
  );
});
