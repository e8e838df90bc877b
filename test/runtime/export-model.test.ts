/// <reference types="node" />
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';
import { encodeModel, joinChunks } from '../../src/6-emit/onnx/encode.js';
import type { TensorProto } from '../../src/6-emit/onnx/proto.js';
import { loadTensor } from '../../src/runtime/pure/stored-tensors.js';
import { numbersOf } from '../../src/runtime/pure/tensor-numbers.js';
import { readCheckpoint } from '../../src/runtime/trainer/checkpoint.js';
import { Session, Trainer } from '../../src/runtime.js';
import { exampleBatch, exampleTraining, type TrainingSet } from '../kit/training-files.js';

const rate = { lr: 1e-3 };

let cnn: TrainingSet;

beforeAll(() => {
  cnn = exampleTraining('cnn');
});

/** The same training with the weights of the model for inference in a data file beside it, each at a multiple of 64 bytes. */
function withDataFile({ manifest, files }: TrainingSet): TrainingSet {
  const model = decodeOnnx(files[manifest.inference.file]!);
  const data: Uint8Array[] = [];
  let offset = 0;
  const initializer = (model.graph?.initializer ?? []).map(({ rawData, ...tensor }): TensorProto => {
    if (rawData === undefined || rawData.length < 64) return { ...tensor, ...(rawData === undefined ? {} : { rawData }) };
    const externalData = Object.entries({ location: 'w.data', offset, length: rawData.length }).map(([key, value]) => ({
      key,
      value: String(value),
    }));
    const gap = (64 - (rawData.length % 64)) % 64;
    data.push(rawData, new Uint8Array(gap));
    offset += rawData.length + gap;
    return { ...tensor, externalData, dataLocation: 1 };
  });
  const bytes = joinChunks(encodeModel({ ...model, graph: { ...model.graph, initializer } }).write());
  return { manifest, files: { ...files, [manifest.inference.file]: bytes, 'w.data': joinChunks(data) } };
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
      await using session = await Session.load(bytes);
      const { data } = (await session.run(inputs)).tensor('logits');
      losses.push(crossEntropy(data as Float32Array, labels!.data as BigInt64Array));
    }
    console.log(`${name}: loss of the model before ${losses[0]}, exported ${losses[1]}, evaluated ${loss}`);
    expect(Math.abs(losses[1]! - loss)).toBeLessThanOrEqual(1e-5 * loss);
    expect(Math.abs(losses[0]! - loss)).toBeGreaterThan(1e-3 * loss);
  });

  test('is complete in itself where its weights are in a data file', async () => {
    const apart = withDataFile(cnn);
    expect(apart.files['w.data']!.length).toBeGreaterThan(1_000_000);
    await using trainer = await Trainer.load(apart.files, apart.manifest, rate);
    await using plain = await Trainer.load(cnn.files, cnn.manifest, rate);
    for (const each of [trainer, plain]) await each.step(exampleBatch('cnn', 4, 0));
    const { image } = exampleBatch('cnn', 4, 1);
    const logits: unknown[] = [];
    for (const bytes of [await trainer.exportModel(), await plain.exportModel()]) {
      await using session = await Session.load(bytes);
      logits.push((await session.run({ image: image! })).tensor('logits'));
    }
    expect(logits[0]).toEqual(logits[1]);
    const { 'w.data': _, ...without } = apart.files;
    await using broken = await Trainer.load(without, apart.manifest, rate);
    await expect(broken.exportModel()).rejects.toThrow('the file w.data is missing');
  });

  test('has the moving average of the weights where the training keeps one', async () => {
    await using without = await Trainer.load(cnn.files, cnn.manifest, rate);
    await expect(without.exportModel({ ema: true })).rejects.toThrow(
      '`Finetune` keeps no moving average of the weights: write `ema = 0.999`',
    );
    // The first moment of Adam, which has the same layout, stands for the average.
    const moments = cnn.manifest.moments.map((layout) => (layout.moment === 'exp_avg' ? { ...layout, moment: 'ema' } : layout));
    await using trainer = await Trainer.load(cnn.files, { ...cnn.manifest, moments }, rate);
    await trainer.step(exampleBatch('cnn', 4, 0));
    const saved = readCheckpoint(await trainer.save(), 'it');
    const exported = decodeOnnx(await trainer.exportModel({ ema: true })).graph?.initializer ?? [];
    for (const { name } of cnn.manifest.weights) {
      const stored = loadTensor(saved.get(`optimizer.ema.${name}`)!);
      const { rawData, dims } = exported.find((tensor) => tensor.name === name)!;
      expect(dims).toEqual(stored.shape);
      expect(numbersOf({ ...stored, bytes: rawData! })).toEqual(numbersOf(stored));
    }
  });

  test('of another model is refused', async () => {
    const lstm = exampleTraining('lstm');
    const files = { ...cnn.files, [cnn.manifest.inference.file]: lstm.files[lstm.manifest.inference.file]! };
    await using trainer = await Trainer.load(files, cnn.manifest, rate);
    await expect(trainer.exportModel()).rejects.toThrow('the model cannot be exported: main.onnx has none of its weights');
  });
});
