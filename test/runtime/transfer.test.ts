import { beforeAll, describe, expect, test } from 'vitest';
import { loadTensor } from '../../src/runtime/pure/stored-tensors.js';
import { readCheckpoint } from '../../src/runtime/trainer/checkpoint.js';
import { Trainer } from '../../src/runtime.js';
import { noisyBatch, noisyModel, type TrainingSet, trainingOf } from '../kit/training-files.js';

const rate = { lr: 1e-3 };
const [source, name] = noisyModel;

let five: TrainingSet;
let three: TrainingSet;
/** A checkpoint of the model with five classes. */
let checkpoint: Uint8Array;

beforeAll(async () => {
  three = trainingOf(source, name);
  five = trainingOf(source.replaceAll('3', '5'), name, { seed: 5 });
  await using trainer = await Trainer.load(five.files, five.manifest, rate);
  for (let i = 0; i < 2; i++) await trainer.step(noisyBatch(i));
  checkpoint = await trainer.save();
});

const tensorIn = (file: Uint8Array, tensor: string) => loadTensor(readCheckpoint(file, 'it').get(tensor)!);

describe('weights of a model with another head', () => {
  test('are refused, with the shapes and the option that takes the others', async () => {
    await expect(Trainer.load(three.files, three.manifest, { ...rate, weights: checkpoint })).rejects.toThrow(
      'not all weights are in the given bytes: fc2.weight ([5, 16] f32, not [3, 16] f32), fc2.bias ([5] f32, not [3] f32). `skipMismatch: true` takes the others, such as for a new head',
    );
  });

  test('are taken except for the head with `skipMismatch`, and what is not taken is listed', async () => {
    await using trainer = await Trainer.load(three.files, three.manifest, { ...rate, weights: checkpoint, skipMismatch: true });
    expect(trainer.skippedWeights).toEqual(['fc2.weight', 'fc2.bias']);
    expect(trainer.stepCount).toBe(0);
    const now = await trainer.save();
    for (const weight of ['fc1.weight', 'fc1.bias', 'bn.weight', 'bn.running_mean'])
      expect(tensorIn(now, weight)).toEqual(tensorIn(checkpoint, weight));
    const initial = three.files[three.manifest.stateFile]!;
    for (const weight of ['fc2.weight', 'fc2.bias']) expect(tensorIn(now, weight)).toEqual(tensorIn(initial, weight));
    expect((await trainer.step(noisyBatch(0))).loss).toBeGreaterThan(0);
  });

  test('none of which fits are refused in any case', async () => {
    const other = trainingOf('model Net(x: Tensor[N, 8]) -> (logits: Tensor[N, 3]) { return x -> other: Linear(3) }', name);
    await expect(Trainer.load(other.files, other.manifest, { ...rate, weights: checkpoint, skipMismatch: true })).rejects.toThrow(
      'none of the weights of `Finetune` is in the given bytes: other.weight, other.bias',
    );
  });

  test('in a layer that is frozen are not passed over in silence', async () => {
    const { files, manifest } = trainingOf(source, name, { freeze: ['fc2'] });
    const options = { ...rate, weights: checkpoint };
    await expect(Trainer.load(files, manifest, options)).rejects.toThrow(
      /^not all weights are in the given bytes: fc2\.\w+ \(\[5\S* .*f32\), fc2\.\w+ \(\[5\S* .*f32\)\. `skipMismatch: true` takes the others/,
    );
    await using trainer = await Trainer.load(files, manifest, { ...options, skipMismatch: true });
    expect([...trainer.skippedWeights].sort()).toEqual(['fc2.bias', 'fc2.weight']);
    const report = await trainer.restore(checkpoint);
    expect(report.different.map((tensor) => tensor.name).sort()).toEqual(['fc2.bias', 'fc2.weight']);
    expect(report.unused.filter((tensor) => !tensor.startsWith('optimizer.'))).toEqual([]);
  });

  test('without the option, nothing is skipped', async () => {
    await using trainer = await Trainer.load(five.files, five.manifest, { ...rate, weights: checkpoint });
    expect(trainer.skippedWeights).toEqual([]);
  });
});
