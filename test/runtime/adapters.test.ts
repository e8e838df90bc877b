/// <reference types="node" />
import { describe, expect, test } from 'vitest';
import { decodeOnnx } from '../../src/6-emit/onnx/decode.js';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import type { Tensor } from '../../src/api/runtime.js';
import type { TrainingManifest } from '../../src/api/training.js';
import { build } from '../../src/build.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { loadTensor } from '../../src/runtime/pure/stored-tensors.js';
import { numbersOf } from '../../src/runtime/pure/tensor-numbers.js';
import { readCheckpoint } from '../../src/runtime/trainer/checkpoint.js';
import { Session, Trainer } from '../../src/runtime.js';
import { rendered } from '../kit/source.js';

const rate = { lr: 1e-2 };

/** A linear layer, a matrix whose inputs come first, and a layer without an adapter. */
const source = (clauses: string) => `
layer Mix(n)(x: Tensor[N, n]) -> (y: Tensor[N, n]) {
  param w: Tensor[n, n] = normal(std = 0.3)
  return x @ w
}
model Net(x: Tensor[N, 6]) -> (logits: Tensor[N, 3]) {
  return x -> up: Linear(8) -> gelu -> mix: Mix(8) -> gelu -> out: Linear(3)
}
train Finetune for Net {
  input labels: Tensor<i64>[N]
  loss = cross_entropy(logits, labels)
  metric accuracy = accuracy(logits, labels)
  ${clauses}
  optimizer adamw(lr = input, weight_decay = 0.01)
}`;

function training(
  clauses: string,
  seed = 0,
): { readonly manifest: TrainingManifest; readonly files: Readonly<Record<string, Uint8Array>> } {
  const result = build('main.arch', createMemoryHost({ 'main.arch': source(clauses) }), { train: 'Finetune', seed });
  if (result.artifacts === undefined) throw new Error(rendered(result));
  const files = Object.fromEntries(result.artifacts.map(({ name, bytes }) => [name, bytes]));
  return { files, manifest: JSON.parse(new TextDecoder().decode(files['main.train.json'])) as TrainingManifest };
}

function batchOf(number: number) {
  const x = Float32Array.from({ length: 48 }, (_, i) => Math.sin(1 + i * (number + 1)));
  return { x, labels: Array.from({ length: 8 }, (_, i) => (i + number) % 3) };
}

/** Cross entropy of the logits of a model, in float64. */
async function lossOf(model: Uint8Array, batch: ReturnType<typeof batchOf>): Promise<number> {
  await using session = await Session.load(model);
  const { data } = (await session.run({ x: batch.x })).tensor('logits') as Tensor & { data: Float32Array };
  const losses = batch.labels.map((label, i) => {
    const row = [...data.subarray(3 * i, 3 * i + 3)];
    return Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - row[label]!;
  });
  return losses.reduce((a, b) => a + b, 0) / losses.length;
}

function initializers(model: Uint8Array): ReadonlyMap<string, Uint8Array | undefined> {
  return new Map((decodeOnnx(model).graph?.initializer ?? []).map(({ name = '', rawData }) => [name, rawData]));
}

describe('low-rank adapters', () => {
  test('are trained, and are part of their matrices in the model for inference', async () => {
    const { files, manifest } = training('freeze up, mix\n  lora(rank = 2, alpha = 8) on up, mix');
    expect(manifest.adapters.map(({ weight, inputsFirst }) => [weight, inputsFirst])).toEqual([
      ['up.weight', false],
      ['mix.w', true],
    ]);
    await using trainer = await Trainer.load(files, manifest, rate);
    for (let i = 0; i < 20; i++) await trainer.step(batchOf(i % 3));
    const held = batchOf(7);
    const { loss } = await trainer.evaluate([held]);
    const exported = await lossOf(await trainer.exportModel(), held);
    await using fresh = await Trainer.load(files, manifest, rate);
    const before = await lossOf(await fresh.exportModel(), held);
    console.log(`loss before ${before}, evaluated ${loss}, of the exported model ${exported}`);
    expect(Math.abs(exported - loss)).toBeLessThanOrEqual(1e-5 * loss);
    expect(Math.abs(before - loss)).toBeGreaterThan(1e-2 * loss);
    // A checkpoint has the adapters and not the matrices.
    const tensors = [...readCheckpoint(await trainer.save(), 'it').keys()].filter((name) => !name.startsWith('optimizer.'));
    expect(tensors).toContain('mix.w.lora_A.weight');
    expect(tensors).not.toContain('mix.w');
  });

  test('are added to their matrices in a file of all weights, which builds the model that is exported', async () => {
    const clauses = 'freeze up, mix\n  lora(rank = 2, alpha = 8) on up, mix\n  ema 0.9';
    const { files, manifest } = training(clauses);
    expect(manifest.frozen.map(({ name }) => name)).toEqual(['up.weight', 'up.bias', 'mix.w']);
    await using trainer = await Trainer.load(files, manifest, rate);
    for (let i = 0; i < 3; i++) await trainer.step(batchOf(i));
    for (const ema of [false, true]) {
      const weights = await trainer.exportWeights({ ema });
      expect([...readCheckpoint(weights, 'it').keys()].sort()).toEqual(['mix.w', 'out.bias', 'out.weight', 'up.bias', 'up.weight']);
      const host = createMemoryHost({ 'main.arch': source(clauses), 'w.safetensors': weights });
      const { bytes, diagnostics } = build('main.arch', host, { weights: 'w.safetensors', model: 'Net' });
      expect(diagnostics).toEqual([]);
      expect(initializers(bytes!)).toEqual(initializers(await trainer.exportModel({ ema })));
    }
  });

  test('begin on the weights of another training', async () => {
    const whole = training('', 5);
    await using all = await Trainer.load(whole.files, whole.manifest, rate);
    for (let i = 0; i < 5; i++) await all.step(batchOf(i));
    const { files, manifest } = training('freeze up, mix\n  lora(rank = 2, alpha = 8) on up, mix');
    await using trainer = await Trainer.load(files, manifest, { ...rate, weights: await all.save() });
    const held = batchOf(7);
    const [wanted, got] = [await all.evaluate([held]), await trainer.evaluate([held])];
    expect(Math.abs(got.loss - wanted.loss)).toBeLessThanOrEqual(1e-6 * wanted.loss);
    expect(Math.abs((await lossOf(await trainer.exportModel(), held)) - wanted.loss)).toBeLessThanOrEqual(1e-5 * wanted.loss);
  });
});

test('frozen weights are those that the program gives', async () => {
  const whole = training('', 5);
  await using all = await Trainer.load(whole.files, whole.manifest, rate);
  const { files, manifest } = training('freeze up, mix');
  await using trainer = await Trainer.load(files, manifest, { ...rate, weights: await all.save() });
  const held = batchOf(7);
  const [wanted, got] = [await all.evaluate([held]), await trainer.evaluate([held])];
  expect(Math.abs(got.loss - wanted.loss)).toBeLessThanOrEqual(1e-6 * wanted.loss);
});

describe('the moving average of the weights', () => {
  test('is what its decay says, and can be exported', async () => {
    const { files, manifest } = training('ema 0.9');
    expect(manifest.hasAverage).toBe(true);
    await using trainer = await Trainer.load(files, manifest, rate);
    const weights = async () => {
      const tensors = readCheckpoint(await trainer.save(), 'it');
      return new Map([...tensors].map(([name, tensor]) => [name, numbersOf(loadTensor(tensor))]));
    };
    const average = new Map(await weights());
    for (let i = 0; i < 4; i++) {
      await trainer.step(batchOf(i));
      for (const [name, values] of await weights())
        average.set(
          name,
          values.map((value, k) => 0.9 * average.get(name)![k]! + 0.1 * value),
        );
    }
    const stored = readCheckpoint(await trainer.save(), 'it');
    const exported = initializers(await trainer.exportModel({ ema: true }));
    for (const { name } of manifest.weights) {
      const mine = numbersOf(loadTensor(stored.get(`ema.${name}`)!));
      // Four roundings to f32, each of at most 2^-24 of the value.
      for (const [i, value] of average.get(name)!.entries())
        expect(Math.abs(mine[i]! - value)).toBeLessThanOrEqual(2 ** -21 * (Math.abs(value) + 0.01));
      expect(exported.get(name)).toEqual(loadTensor(stored.get(`ema.${name}`)!).bytes);
    }
  });

  test('can be evaluated, as a training whose weights it is', async () => {
    const { files, manifest } = training('ema 0.9');
    await using trainer = await Trainer.load(files, manifest, rate);
    for (let i = 0; i < 6; i++) await trainer.step(batchOf(i));
    const stored = readCheckpoint(await trainer.save(), 'it');
    const averages = manifest.weights.map(({ name }) => ({ name, ...loadTensor(stored.get(`ema.${name}`)!) }));
    await using other = await Trainer.load(files, manifest, { ...rate, weights: joinChunks(writeSafetensors(averages)) });
    const held = [batchOf(20), batchOf(21)];
    const averaged = await trainer.evaluate(held, { ema: true });
    expect(averaged).toEqual(await other.evaluate(held));
    const raw = await trainer.evaluate(held);
    expect(averaged.loss).not.toBe(raw.loss);
    expect(await trainer.evaluate(held, { ema: false })).toEqual(raw);
  });

  test('is evaluated only where there is one', async () => {
    const { files, manifest } = training('');
    await using trainer = await Trainer.load(files, manifest, rate);
    await expect(trainer.evaluate([batchOf(0)], { ema: true })).rejects.toThrow(
      /keeps no moving average of the weights: write `ema 0.999`/,
    );
  });

  test('begins with the weights that are given or restored', async () => {
    const plain = training('', 5);
    await using before = await Trainer.load(plain.files, plain.manifest, rate);
    await before.step(batchOf(0));
    const file = await before.save();
    const { files, manifest } = training('ema 0.9');
    await using given = await Trainer.load(files, manifest, { ...rate, weights: file });
    await using restored = await Trainer.load(files, manifest, rate);
    const { missing } = await restored.restore(file);
    expect([...missing].sort()).toEqual(manifest.weights.map(({ name }) => `ema.${name}`).sort());
    const wanted = initializers(await before.exportModel());
    for (const trainer of [given, restored]) expect(initializers(await trainer.exportModel({ ema: true }))).toEqual(wanted);
  });
});

test('weights that are not all there are named', async () => {
  const { files, manifest } = training('');
  await using trainer = await Trainer.load(files, manifest, rate);
  const tensors = [...readCheckpoint(await trainer.save(), 'it').values()].filter(({ name }) => !name.startsWith('out.'));
  const some = joinChunks(writeSafetensors(tensors.map((tensor) => ({ ...loadTensor(tensor), name: tensor.name }))));
  await expect(Trainer.load(files, manifest, { ...rate, weights: some })).rejects.toThrow(
    'not all weights are in the given bytes: out.weight, out.bias. `skipMismatch: true` takes the others',
  );
});
