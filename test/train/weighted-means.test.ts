import { expect, test } from 'vitest';
import type { NdArray } from '../../src/ops/types.js';
import { useOrt } from '../kit/ort.js';
import { randomNumbers } from '../kit/random.js';
import { type Arrays, Trainer } from '../kit/trainer.js';

/**
 * Loss and metrics leave the graph with a weight, so that the mean over uneven and padded batches, weighted with it, is the loss of the whole set. In the data, some
 * tokens at the ends of texts are padding, whose label is -100 and whose weight is 0.
 */
const model = `
import { cosine_embedding_loss, ctc_loss, dice_loss, focal_loss, triplet_loss } from "std/losses"
import { f1, top_k_accuracy } from "std/metrics"
fn own_loss(x: Tensor[*B], target: Tensor[*B]) -> Tensor[] {
  losses = relu(x - target) ** 2.0
  return cast(mean(losses), f32)
}
fn masked(losses: Tensor[*B], counts: Tensor[*B]) -> Tensor[] {
  total = sum(counts)
  return where(total == 0.0, 0.0, sum(losses * counts) / maximum(total, 1.0))
}
model M(x: Tensor[N, T, 3]) -> (logits: Tensor[N, T, 4], y: Tensor[N, T, 3]) {
  param rates: Tensor[4] = uniform(1.0)
  return (logits = (x -> fc: Linear(4)) + rates, y = x -> again: Linear(3))
}`;

interface Case {
  readonly loss: string;
  /** Whether positions do not count: the length of the texts may then differ. */
  readonly isPadded?: boolean;
}

const labelled = 'cross_entropy(logits, labels)';
const cases: Readonly<Record<string, Case>> = {
  'cross entropy': { loss: labelled, isPadded: true },
  'cross entropy with classes of their own weights': { loss: 'cross_entropy(logits, labels, class_weights)', isPadded: true },
  'label smoothing': { loss: 'cross_entropy(logits, labels, class_weights, label_smoothing = 0.2)', isPadded: true },
  'cross entropy along another axis': { loss: 'cross_entropy(transpose(logits, [0, 2, 1]), labels, axis = 1)', isPadded: true },
  'negative log-likelihood': { loss: 'nll_loss(log_softmax(logits, -1), labels)', isPadded: true },
  'labels that are one token ahead': { loss: 'cross_entropy(logits[:, 0..T - 1], labels[:, 1..T])', isPadded: true },
  'positions of their own weights': { loss: 'cross_entropy(logits, labels, position_weight = counts * 0.5)', isPadded: true },
  'a mask of its own': { loss: 'sum(mean((y - target) ** 2.0, -1) * counts) / sum(counts)', isPadded: true },
  'a mask with a guard': { loss: 'masked(mean(abs(y - target), -1), counts)', isPadded: true },
  'a mean over the share that counts': { loss: 'mean(mean(abs(y - target), -1) * counts) / mean(counts)', isPadded: true },
  'a loss divided by what is learned': { loss: `${labelled} / (1.0 + sum(model_rates(x)))`, isPadded: true },
  'a scaled loss': { loss: `0.5 * ${labelled} / 3.0`, isPadded: true },
  'a difference': { loss: `1.0 - ${labelled}`, isPadded: true },
  'a loss and a penalty': { loss: `${labelled} + 0.1 * mean(model_rates(x))`, isPadded: true },
  'a penalty and a loss': { loss: `0.1 * mean(model_rates(x)) + ${labelled}`, isPadded: true },
  'mean squared error': { loss: 'mse_loss(y, target)' },
  'absolute error': { loss: 'l1_loss(y, target)' },
  'smooth absolute error': { loss: 'smooth_l1_loss(y, target)' },
  huber: { loss: 'huber_loss(y, target, delta = 0.5)' },
  'binary cross entropy': { loss: 'bce_with_logits(y, sigmoid(target))' },
  'binary cross entropy of probabilities': { loss: 'bce_loss(sigmoid(y), sigmoid(target))' },
  divergence: { loss: 'kl_div(log_softmax(y, -1), softmax(target, -1))' },
  'divergence for each text': { loss: 'kl_div(log_softmax(y, -1), softmax(target, -1), reduction = "batchmean")' },
  triplets: { loss: 'triplet_loss(y, target, sin(target), margin = 2.0)' },
  cosines: { loss: 'cosine_embedding_loss(y, target, where(labels == 1, 1.0, -1.0))' },
  dice: { loss: 'dice_loss(sigmoid(y), sigmoid(target))' },
  focal: { loss: 'focal_loss(y, sigmoid(target), gamma = 2.0)' },
  ctc: {
    loss: `ctc_loss(transpose(log_softmax(logits, -1), [1, 0, 2]), full([N, 2], 1, dtype = i64), full([N], 7, dtype = i64), full([N], 2, dtype = i64))`,
  },
  'a loss of its own': { loss: 'own_loss(y, target)' },
  'a mean of means': { loss: 'mean(mean((y - target) ** 2.0, [1, 2]))' },
};

const sizes = [
  { N: 3, T: 5 },
  { N: 1, T: 2 },
  { N: 5, T: 7 },
  { N: 2, T: 4 },
];
const longest = 7;
const ort = useOrt();

test.each(Object.entries(cases))('%s', async (_, { loss, isPadded = false }) => {
  const source = `${model}
layer Rates(x: Tensor[N, T, 3]) -> Tensor[5] { param penalized: Tensor[5] = uniform(1.0)\n return penalized * penalized }
train T for M {
  input labels: Tensor<i64>[N, T]
  input counts: Tensor[N, T]
  input target: Tensor[N, T, 3]
  input class_weights: Tensor[4]
  model_rates = Rates
  loss = ${loss}
  metric accuracy = accuracy(logits, labels)
  metric second = top_k_accuracy(logits, labels, k = 2)
  metric micro = f1(logits, labels)
  optimizer sgd(lr = 0.1)
}`;
  const trainer = new Trainer(ort, source, { train: 'T' });
  const used = new Set(trainer.entry('eval').graph.inputs.map(({ hint }) => hint));
  const evaluate = (batch: Arrays) => trainer.evaluate(Object.fromEntries(Object.entries(batch).filter(([name]) => used.has(name))));
  const draw = randomNumbers(11);
  const parts = sizes.map(({ N, T }) => batchOf(draw, N, isPadded ? T : longest, isPadded));
  const whole = joined(parts);
  const wanted = await evaluate(whole);
  const found = await Promise.all(parts.map(evaluate));
  for (const name of ['loss', 'accuracy', 'second', 'micro']) {
    let [sum, weights] = [0, 0];
    for (const part of found) {
      const weight = part[`${name}.weight`]!.data[0]!;
      sum += part[name]!.data[0]! * weight;
      weights += weight;
    }
    expect(Math.abs(sum / weights - wanted[name]!.data[0]!), name).toBeLessThanOrEqual(1e-6);
    expect(Math.abs(weights - wanted[`${name}.weight`]!.data[0]!), name).toBeLessThanOrEqual(1e-5 * weights);
  }
  // The graph of a step gives the same weights.
  const { steps } = await trainer.steps(
    [parts[2] as Arrays].map((batch) => Object.fromEntries(Object.entries(batch).filter(([n]) => used.has(n)))),
  );
  expect(steps[0]!['loss.weight']!.data).toEqual(found[2]!['loss.weight']!.data);
});

function batchOf(draw: () => number, n: number, t: number, isPadded: boolean): Arrays {
  const lengths = Array.from({ length: n }, () => (isPadded ? 2 + Math.floor(draw() * (t - 1)) : t));
  const counts = lengths.flatMap((length) => [...Array(t).keys()].map((i) => Number(i < length)));
  const floats = (...shape: number[]): NdArray => {
    const length = shape.reduce((a, b) => a * b, 1);
    return { dtype: 'f32', shape, data: Float64Array.from({ length }, () => Math.fround(draw() * 4 - 2)) };
  };
  return {
    x: floats(n, t, 3),
    target: floats(n, t, 3),
    counts: { dtype: 'f32', shape: [n, t], data: Float64Array.from(counts) },
    labels: { dtype: 'i64', shape: [n, t], data: Float64Array.from(counts, (count) => (count === 1 ? Math.floor(draw() * 4) : -100)) },
    class_weights: { dtype: 'f32', shape: [4], data: Float64Array.of(1, 0.5, 2, 0.25) },
  };
}

/** All texts as one batch, filled up to the longest. */
function joined(parts: readonly Arrays[]): Arrays {
  const [first] = parts;
  const filling: Readonly<Record<string, number>> = { labels: -100 };
  return Object.fromEntries(
    Object.keys(first as Arrays).map((name) => {
      const all = parts.map((part) => part[name] as NdArray);
      const [{ dtype, shape }] = all as [NdArray];
      if (name === 'class_weights') return [name, all[0] as NdArray];
      const inner = shape.slice(2).reduce((a, b) => a * b, 1);
      const data = all.flatMap(({ shape: [n = 0, t = 0], data }) =>
        [...Array(n * longest * inner).keys()].map((i) => {
          const [row, rest] = [Math.floor(i / (longest * inner)), i % (longest * inner)];
          return rest < t * inner ? data[row * t * inner + rest]! : (filling[name] ?? 0);
        }),
      );
      const rows = all.reduce((sum, array) => sum + array.shape[0]!, 0);
      return [name, { dtype, shape: [rows, longest, ...shape.slice(2)], data: Float64Array.from(data) }];
    }),
  );
}
