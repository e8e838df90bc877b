/// <reference types="node" />
import { beforeAll, describe, expect, test } from 'vitest';
import { initializersOf, replaceInitializers } from '../../src/runtime/trainer/replace-initializers.js';
import { Session, Trainer } from '../../src/runtime.js';
import { exampleBatch, exampleTraining, type TrainingSet } from '../kit/training-files.js';

const rate = { lr: 1e-3 };

let cnn: TrainingSet;

beforeAll(() => {
  cnn = exampleTraining('cnn');
});

/** The same training with the weights of the model for inference in its ONNX file, and not in a data file beside it. */
function inOneFile({ manifest, files }: TrainingSet): TrainingSet {
  const data = new Map(Object.entries(files));
  return {
    manifest,
    files: { ...files, [manifest.inference.file]: replaceInitializers(files[manifest.inference.file]!, new Map(), data) },
  };
}

/** The names of the tensors whose bytes are in a file beside the model. */
function apart(model: Uint8Array): readonly string[] {
  return [...initializersOf(model)].flatMap(([name, { place }]) => (place === undefined ? [] : [name]));
}

/** Cross entropy of logits `[N, C]`, in float64. */
function crossEntropy(logits: Float32Array, labels: BigInt64Array): number {
  const classes = logits.length / labels.length;
  let sum = 0;
  for (const [i, label] of labels.entries()) {
    const row = [...logits.subarray(i * classes, (i + 1) * classes)];
    const most = Math.max(...row);
    sum += most + Math.log(row.reduce((all, x) => all + Math.exp(x - most), 0)) - row[Number(label)]!;
  }
  return sum / labels.length;
}

describe('the model for inference', () => {
  test.each(['cnn', 'lstm'] as const)('of the %s has the trained weights', async (name) => {
    const { files, manifest } = name === 'cnn' ? cnn : exampleTraining('lstm');
    await using trainer = await Trainer.load(files, manifest, { lr: 1e-2 });
    for (let i = 0; i < 5; i++) await trainer.step(exampleBatch(name, 8, i));
    const { labels, ...inputs } = exampleBatch(name, 8, 50);
    const { loss } = await trainer.evaluate([{ labels: labels!, ...inputs }]);
    const losses: number[] = [];
    for (const bytes of [files[manifest.inference.file]!, await trainer.exportModel()]) {
      await using session = await Session.load(bytes, { data: files });
      const { data } = (await session.run(inputs)).tensor('logits');
      losses.push(crossEntropy(data as Float32Array, labels!.data as BigInt64Array));
    }
    console.log(`${name}: loss of the model before ${losses[0]}, exported ${losses[1]}, evaluated ${loss}`);
    expect(Math.abs(losses[1]! - loss)).toBeLessThanOrEqual(1e-5 * loss);
    expect(Math.abs(losses[0]! - loss)).toBeGreaterThan(1e-3 * loss);
  });

  test('is complete in itself, even where its weights are in a data file', async () => {
    const whole = inOneFile(cnn);
    expect(apart(cnn.files[cnn.manifest.inference.file]!)).toContain('conv1.weight');
    expect(apart(whole.files[whole.manifest.inference.file]!)).toEqual([]);
    const { image } = exampleBatch('cnn', 4, 1);
    const logits: unknown[] = [];
    for (const { files, manifest } of [cnn, whole]) {
      await using trainer = await Trainer.load(files, manifest, rate);
      await trainer.step(exampleBatch('cnn', 4, 0));
      const bytes = await trainer.exportModel();
      expect(apart(bytes)).toEqual([]);
      await using session = await Session.load(bytes);
      logits.push((await session.run({ image: image! })).tensor('logits'));
    }
    expect(logits[0]).toEqual(logits[1]);
    const { 'main.data': _, ...without } = cnn.files;
    await using broken = await Trainer.load(without, cnn.manifest, rate);
    await expect(broken.exportModel()).rejects.toThrow('the file main.data is missing');
  });

  test('has the moving average of the weights only where the training keeps one', async () => {
    await using without = await Trainer.load(cnn.files, cnn.manifest, rate);
    await expect(without.exportModel({ ema: true })).rejects.toThrow(
      '`Finetune` keeps no moving average of the weights: write `ema 0.999`',
    );
  });

  test('of another model is refused', async () => {
    const lstm = exampleTraining('lstm');
    const files = { ...cnn.files, [cnn.manifest.inference.file]: lstm.files[lstm.manifest.inference.file]! };
    await using trainer = await Trainer.load(files, cnn.manifest, rate);
    await expect(trainer.exportModel()).rejects.toThrow('the model cannot be exported: main.onnx has none of its weights');
  });
});
