import { expect, test } from 'vitest';
import type { NdArray } from '../../src/ops/types.js';
import { useOrt } from '../kit/ort.js';
import { largestDifference } from '../kit/reference.js';
import { type Arrays, Trainer } from '../kit/trainer.js';

const ort = useOrt();

function floats(shape: readonly number[], phase: number): NdArray {
  const length = shape.reduce((a, b) => a * b, 1);
  return { dtype: 'f32', shape, data: Float64Array.from({ length }, (_, i) => Math.fround(Math.sin(1.7 * i + phase))) };
}

/** Two texts of eight tokens, only the first of which count. */
function texts(lengths: readonly number[], phase: number): Arrays {
  const n = lengths.length;
  const labels = lengths.flatMap((length, row) => [...Array(8).keys()].map((i) => (i < length ? (row + 3 * i) % 4 : -100)));
  return { x: floats([n, 8, 3], phase), labels: { dtype: 'i64', shape: [n, 8], data: Float64Array.from(labels) } };
}

function joined(batches: readonly Arrays[]): Arrays {
  const names = Object.keys(batches[0] as Arrays);
  return Object.fromEntries(
    names.map((name) => {
      const all = batches.map((batch) => batch[name] as NdArray);
      const [{ dtype, shape }] = all as [NdArray];
      const rows = all.reduce((sum, array) => sum + array.shape[0]!, 0);
      return [name, { dtype, shape: [rows, ...shape.slice(1)], data: Float64Array.from(all.flatMap(({ data }) => [...data])) }];
    }),
  );
}

const source = (clauses: string) => `
model M(x: Tensor[N, 8, 3]) -> (logits: Tensor[N, 8, 4]) { return x -> fc1: Linear(5) -> tanh -> fc2: Linear(4) }
train T for M {
  input labels: Tensor<i64>[N, 8]
  loss = cross_entropy(logits, labels)
  optimizer adamw(lr = 0.01)
  clip_norm 0.5
  ${clauses}
}`;

test('steps from three uneven, padded batches are those from all texts at once', async () => {
  const whole = new Trainer(ort, source(''), { train: 'T' });
  const parts = new Trainer(ort, source('accumulate 3'), { train: 'T' });
  let state = parts.start;
  let wanted = whole.start;
  for (const step of [0, 1, 2]) {
    const batches = [texts([8, 2, 5], step), texts([1], step + 0.3), texts([3, 7], step + 0.6)];
    state = (await parts.series('apply', [{}], (await parts.series('grads', batches, state)).state)).state;
    wanted = (await whole.steps([joined(batches)], wanted)).state;
  }
  for (const name of whole.training.step.weights)
    expect(largestDifference(state[name]!.data, wanted[name]!.data), name).toBeLessThanOrEqual(1e-6);
  expect([state.step, state.batch].map((value) => value!.data[0])).toEqual([3, 0]);
});

test('the graphs for sums are made on request, too, and a step from one batch is that of the whole graph', async () => {
  const trainer = new Trainer(ort, source(''), { train: 'T', gradients: true });
  const batch = texts([8, 2, 5], 1);
  const parts = (await trainer.series('apply', [{}], (await trainer.series('grads', [batch], trainer.start)).state)).state;
  const whole = (await trainer.steps([batch])).state;
  for (const name of trainer.training.step.weights)
    expect(largestDifference(parts[name]!.data, whole[name]!.data), name).toBeLessThanOrEqual(1e-7);
  expect(new Trainer(ort, source(''), { train: 'T' }).training.entries.map(({ name }) => name)).toEqual(['train', 'eval']);
});

test('each of several batches has a mask of its own', async () => {
  const masked = `
model M(x: Tensor[N]) -> (y: Tensor[]) {
  param w: Tensor[2048] = zeros
  return sum(dropout(w, 0.5)) * mean(x)
}
train T for M { loss = y\n optimizer sgd(lr = 1.0)\n accumulate 2 }`;
  const trainer = new Trainer(ort, masked, { train: 'T' });
  const one = { x: { dtype: 'f32', shape: [1], data: Float64Array.of(1) } as const };
  const { state } = await trainer.series('grads', [one, one], trainer.start);
  const after = await trainer.series('apply', [{}], state);
  // The mean of two masks of 0 and 2.
  const share = (value: number) => after.state.w!.data.filter((w) => w === -value).length / 2048;
  expect(share(0) + share(1) + share(2)).toBe(1);
  for (const [value, wanted] of [
    [0, 0.25],
    [1, 0.5],
    [2, 0.25],
  ] as const)
    expect(Math.abs(share(value) - wanted)).toBeLessThanOrEqual(4.5 * Math.sqrt((wanted * (1 - wanted)) / 2048));
});

test('a moving average follows the weights', async () => {
  const trainer = new Trainer(ort, source('ema 0.9'), { train: 'T' });
  const batch = texts([8, 4], 0);
  let state = trainer.start;
  const averages = new Map(trainer.training.step.weights.map((name) => [name, state[name]!.data.slice()]));
  for (let step = 0; step < 5; step++) {
    state = (await trainer.steps([batch], state)).state;
    for (const [name, average] of averages)
      for (const [i, value] of state[name]!.data.entries()) average[i] = 0.9 * average[i]! + 0.1 * value;
  }
  for (const [name, average] of averages) expect(largestDifference(state[`ema.${name}`]!.data, average), name).toBeLessThanOrEqual(1e-6);
});
