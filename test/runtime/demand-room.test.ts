import { expect, test } from 'vitest';
import { demandRoom } from '../../src/runtime/trainer/demand-room.js';
import { TrainingError } from '../../src/runtime/trainer/training-error.js';
import { Trainer } from '../../src/runtime.js';
import { trainingOf, wideModel } from '../kit/training-files.js';

const { manifest, files } = trainingOf(...wideModel);

/** What the room is refused for. */
function refusal(sizes: Readonly<Record<string, number>>, room: Parameters<typeof demandRoom>[2]): string | undefined {
  try {
    demandRoom(manifest, new Map(Object.entries(sizes)), room);
    return undefined;
  } catch (error) {
    return error instanceof TrainingError ? error.message : String(error);
  }
}

const machine = (bytes: number) => ({ where: 'this machine', bytes, tensorBytes: undefined });
const gpu = (tensorBytes: number) => ({ where: 'the GPU', bytes: undefined, tensorBytes });

test('a step that does not fit is refused with a table, before it is taken', async () => {
  await using trainer = await Trainer.load(files, manifest, { lr: 0.1 });
  const batch = (size: number) => ({ x: { data: new Float32Array(size), shape: [size, 1] }, labels: new Array<number>(size).fill(0) });
  const error: unknown = await trainer.step(batch(10_000_000)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TrainingError);
  const [first, , ...table] = (error as Error).message.split('\n');
  expect(first).toMatch(
    /^a step of `Finetune` needs at least 4.0 TB, and this machine has [\d.]+ .B: smaller batches, or `checkpoint` and/,
  );
  expect(table).toEqual([
    '  one step               numbers  bytes',
    '  trained weights        300,000  1.2 MB',
    '  frozen weights               0  0 bytes',
    '  optimizer, statistics  600,000  2.4 MB',
    '  gradients              300,000  1.2 MB',
    '  kept for the gradient           4.0 TB',
    '  together, at least              4.0 TB',
  ]);
  const { loss } = await trainer.step(batch(2));
  expect(loss).toBeCloseTo(Math.log(2), 6);
});

test('what fits is decided by the sizes of the batch', () => {
  // 1.2 + 2.4 + 1.2 MB, 0.8 MB for the transposed matrix of fc2, and for each row 400 KB and the logits and their logarithms.
  expect(refusal({ N: 10 }, machine(10e6))).toBeUndefined();
  expect(refusal({ N: 20 }, machine(10e6))).toContain('needs at least 14 MB, and this machine has 10 MB');
});

test('a training that does not fit whatever the batch is refused without one', () => {
  expect(refusal({}, machine(10e6))).toBeUndefined();
  expect(refusal({}, machine(4e6))).toContain('needs at least 4.8 MB, and this machine has 4.0 MB');
});

test('a device may limit the size of one tensor', () => {
  expect(refusal({ N: 10 }, gpu(4e6))).toBeUndefined();
  expect(refusal({ N: 11 }, gpu(4e6))).toContain('has a tensor of 4.4 MB, and the GPU holds tensors of up to 4.0 MB: smaller batches');
  // The weights are joined for the optimizer.
  expect(refusal({}, gpu(1e6))).toContain('has a tensor of 1.2 MB');
});

test('nothing is refused where nothing is known', () => {
  expect(refusal({ N: 1e9 }, undefined)).toBeUndefined();
  expect(refusal({ N: 1e9 }, gpu(Number.NaN))).toBeUndefined();
});
