/// <reference types="node" />
import { beforeAll, describe, expect, test } from 'vitest';
import type { Batch } from '../../src/api/runtime.js';
import { Trainer } from '../../src/runtime.js';
import { builtTraining, exampleBatch, exampleTraining, type TrainingSet } from '../kit/training-files.js';

let lstm: TrainingSet;

beforeAll(() => {
  lstm = exampleTraining('lstm');
});

/** Takes the good step, then refuses the bad one with this message, and is then where it was. */
async function expectRefused(
  { files, manifest }: TrainingSet,
  [good, bad]: readonly (Batch | readonly Batch[])[],
  message: RegExp | string,
  lr: number | undefined = 1e-3,
): Promise<void> {
  await using trainer = await Trainer.load(files, manifest, { lr: manifest.hasRate ? lr : undefined });
  await trainer.step(good!);
  const before = await trainer.save();
  const error: unknown = await trainer.step(bad!).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'TrainingError', problem: { kind: 'not-finite', step: 2 } });
  expect((error as Error).message).toMatch(message);
  expect(trainer.stepCount).toBe(1);
  expect(Buffer.from(await trainer.save()).equals(before)).toBe(true);
  expect((await trainer.step(good!)).loss).toBeGreaterThan(0);
}

/** The batch with these elements of `x` replaced. */
function spoiled(batch: ReturnType<typeof exampleBatch>, values: Readonly<Record<number, number>>): ReturnType<typeof exampleBatch> {
  const { data, shape } = batch.x!;
  return { ...batch, x: { data: Float32Array.from(data as Float32Array, (value, i) => values[i] ?? value), shape } };
}

describe('a step that would make weights infinite or NaN is refused', () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d in the input of an LSTM, whose gates hide it from the loss', async (value) => {
    const good = exampleBatch('lstm', 4, 0);
    const message = `the length of the gradient of step 2 is NaN, although its loss is finite; the weights are as they were before it. The input \`x\` has ${value} in its element [0, 1, 2]`;
    await expectRefused(lstm, [good, spoiled(good, { 12: value })], message);
  });

  test('in one of several batches', async () => {
    const good = [0, 1].map((i) => exampleBatch('lstm', 4, i));
    const bad = [good[0]!, spoiled(good[1]!, { 279: Number.NaN })];
    await expectRefused(
      exampleTraining('lstm', { accumulate: 2 }),
      [good, bad],
      'The input `x` has NaN in its element [3, 6, 9] of batch 2',
    );
  });

  const model = 'model M(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) { return x -> fc: Linear(2) }';
  const good = { x: Float32Array.from({ length: 8 }, (_, i) => Math.sin(i)) };
  const bad = { x: Float32Array.of(0, 0, 0, 0, 1, 2, 3, 4) };

  test.each(['adamw', 'sgd', 'lion', 'rmsprop', 'adagrad', 'adafactor', 'muon', 'sgd(momentum = 0.9)'])(
    'a gradient that does not exist, with %s: sqrt at 0',
    async (optimizer) => {
      const call = optimizer.includes('(') ? optimizer.replace(')', ', lr = 0.01)') : `${optimizer}(lr = 0.01)`;
      const block = `train T for M {
  loss = mean(sqrt(y * y * sum(abs(x), -1, keep = true)))
  optimizer ${call}
  clip_norm 1.0
}`;
      await expectRefused(
        builtTraining(`${model}\n${block}`, { train: 'T' }),
        [good, bad],
        'A function such as `sqrt`, `log` or a division may have no finite gradient where its operand is 0',
      );
    },
  );

  test('a finite gradient whose square overflows, and would stop Adam forever', async () => {
    const block = 'train T for M {\n  loss = mean(y * y)\n  optimizer adam(lr = 0.01)\n}';
    await expectRefused(
      builtTraining(`${model}\n${block}`, { train: 'T' }),
      [good, { x: new Float32Array(8).fill(1e15) }],
      /^the length of the gradient of step 2 is Infinity/,
    );
  });

  test('running statistics that overflow in a batch norm', async () => {
    const normed = 'model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x -> bn: BatchNorm1d -> fc: Linear(4) }';
    const block = 'train T for M {\n  loss = mean(y * y)\n  optimizer adam(lr = 0.01)\n}';
    const x = Float32Array.from({ length: 8 }, (_, i) => 1e20 * (i + 1));
    await expectRefused(
      builtTraining(`${normed}\n${block}`, { train: 'T' }),
      [good, { x }],
      /^step 2 would make weights or running statistics infinite or NaN/,
    );
  });

  test('a learning rate that makes weights overflow', async () => {
    await using trainer = await Trainer.load(lstm.files, lstm.manifest, { lr: 1e-3 });
    const batch = exampleBatch('lstm', 4, 0);
    await trainer.step(batch);
    const before = await trainer.save();
    trainer.lr = 3e38;
    await expect(trainer.step(batch)).rejects.toThrow(
      'step 2 would make weights or running statistics infinite or NaN; the weights are as they were before it. A lower learning rate',
    );
    expect(Buffer.from(await trainer.save()).equals(before)).toBe(true);
  });
});

test('a mask of -Infinity is not a reason to refuse a step', async () => {
  const source = `model M(x: Tensor[N, 4], mask: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return softmax((x -> fc: Linear(4)) + mask, -1) }
train T for M {
  loss = mean(y * y)
  optimizer adamw(lr = 0.01)
}`;
  const { files, manifest } = builtTraining(source, { train: 'T' });
  await using trainer = await Trainer.load(files, manifest);
  const mask = Float32Array.from({ length: 8 }, (_, i) => (i % 4 === 3 ? Number.NEGATIVE_INFINITY : 0));
  expect((await trainer.step({ x: Float32Array.from({ length: 8 }, (_, i) => i / 8), mask })).loss).toBeGreaterThan(0);
});
