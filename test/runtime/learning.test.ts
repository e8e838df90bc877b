import { expect, test } from 'vitest';
import type { Batch } from '../../src/api/runtime.js';
import { Trainer } from '../../src/runtime.js';
import { randomNumbers } from '../kit/random.js';
import { exampleModel } from '../kit/reference.js';
import { builtTraining, exampleTraining } from '../kit/training-files.js';

/** The digits that `npm run demo` draws. */
interface Digits {
  readonly images: Float32Array;
  readonly labels: BigInt64Array;
}
const { drawDigits } = (await import(new URL('../../scripts/digits.mjs', import.meta.url).href)) as {
  drawDigits(count: number, options: { readonly seed: number; readonly style?: 'train' | 'heldOut' }): Digits;
};

/** A rate that falls from `peak` to 0 like half a wave. */
function cosine(peak: number, step: number, steps: number): number {
  return (peak / 2) * (1 + Math.cos((Math.PI * step) / steps));
}

/** What a training that has learned nothing, and one that has learned its task, know of held-out data. */
interface Knowledge {
  readonly before: number;
  readonly after: number;
}

/** Trains for a number of steps; `batchOf` makes the batch of each. */
async function taught(
  { files, manifest }: ReturnType<typeof builtTraining>,
  {
    steps,
    peak,
    heldOut,
    batchOf,
  }: { readonly steps: number; readonly peak: number; readonly heldOut: readonly Batch[]; batchOf(step: number): Batch },
): Promise<Knowledge> {
  await using trainer = await Trainer.load(files, manifest, { lr: peak, seed: 1 });
  const { accuracy: before = Number.NaN } = await trainer.evaluate(heldOut);
  for (let step = 0; step < steps; step++) {
    trainer.lr = cosine(peak, step, steps);
    await trainer.step(batchOf(step));
  }
  const { accuracy: after = Number.NaN } = await trainer.evaluate(heldOut);
  console.log(`held-out accuracy before ${before}, after ${steps} steps ${after}`);
  return { before, after };
}

test('the CNN learns to read digits', async () => {
  const [steps, size] = [250, 32];
  const pixels = 3 * 24 * 24;
  const batchOf = ({ images, labels }: Digits, first: number, count: number): Batch => ({
    image: { data: images.subarray(first * pixels, (first + count) * pixels), shape: [count, 3, 24, 24] },
    labels: labels.subarray(first, first + count),
  });
  const digits = drawDigits(steps * size, { seed: 1 });
  const others = drawDigits(1000, { seed: 2, style: 'heldOut' });
  const { before, after } = await taught(exampleTraining('cnn'), {
    steps,
    peak: 2e-3,
    heldOut: [0, 250, 500, 750].map((first) => batchOf(others, first, 250)),
    batchOf: (step) => batchOf(digits, step * size, size),
  });
  expect(before).toBeLessThan(0.2);
  expect(after).toBeGreaterThan(0.97);
});

/** Rows of digits from 0 to 9. */
function rows(count: number, length: number, random: () => number): readonly (readonly number[])[] {
  return Array.from({ length: count }, () => Array.from({ length }, () => Math.floor(10 * random())));
}

test('the LSTM remembers the first of twenty digits', async () => {
  const block = `
model Memory = RNN(hidden = 32, layers = 1, classes = 10)
train T for Memory {
  input labels: Tensor<i64>[N]
  loss = cross_entropy(logits, labels)
  metric accuracy = accuracy(logits, labels)
  optimizer adamw(lr = input, weight_decay = 0.01)
  clip_norm 1.0
}`;
  const random = randomNumbers(3);
  const batchOf = (count: number, length: number): Batch => {
    const digits = rows(count, length, random);
    const x = new Float32Array(count * length * 10);
    for (const [i, digit] of digits.flat().entries()) x[10 * i + digit] = 1;
    return { x: { data: x, shape: [count, length, 10] }, labels: digits.map(([first = 0]) => first) };
  };
  const { before, after } = await taught(builtTraining(exampleModel('lstm') + block, { train: 'T', model: 'Memory' }), {
    steps: 400,
    peak: 1e-2,
    heldOut: [batchOf(1000, 20)],
    // The rows become longer: through twenty steps, the first gradients do not reach.
    batchOf: (step) => batchOf(32, Math.min(20, 2 + Math.floor(step / 15))),
  });
  expect(before).toBeLessThan(0.2);
  expect(after).toBeGreaterThanOrEqual(0.95);
});

test('a transformer reverses ten digits', async () => {
  // With the positions of the example, which are small compared with its embedding, this takes far longer.
  const source = `
model Reverse(src: Tensor<i64>[N, T]) -> (logits: Tensor[N, T, 10]) where T <= 10 {
  memory = src
    -> embedding: Embedding(10, 32)
    -> positions: LearnedPositions(10)
    -> encoder: TransformerEncoderLayer(4, ff = 64)
  return memory -> decoder: TransformerDecoderLayer(4, ff = 64)(memory) -> fc: Linear(10)
}
train T for Reverse {
  input labels: Tensor<i64>[N, T]
  loss = cross_entropy(logits, labels)
  metric accuracy = accuracy(logits, labels)
  optimizer adamw(lr = input, weight_decay = 0.01)
  clip_norm 1.0
}`;
  const random = randomNumbers(4);
  const batchOf = (count: number): Batch => {
    const digits = rows(count, 10, random);
    return { src: digits, labels: digits.map((row) => [...row].reverse()) };
  };
  const { before, after } = await taught(builtTraining(source, { train: 'T' }), {
    steps: 250,
    peak: 5e-3,
    heldOut: [batchOf(1000)],
    batchOf: () => batchOf(32),
  });
  expect(before).toBeLessThan(0.2);
  expect(after).toBeGreaterThanOrEqual(0.95);
});
