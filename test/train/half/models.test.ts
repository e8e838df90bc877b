import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blockOf, halfBatch, halfSource, scalar, scalingIn } from '../../kit/half.js';
import { useOrt } from '../../kit/ort.js';
import { openReference, sampledAs } from '../../kit/reference.js';
import { referenceBatch, referenceModels, referenceWeights } from '../../kit/reference-models.js';
import { type Arrays, Trainer } from '../../kit/trainer.js';

const ort = useOrt();

/** How far the gradients of `torch.autocast` are from those in float64, relative to the size of all together: test/reference/half.py. */
const autocast = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../reference/half.json'), 'utf8')) as Readonly<
  Record<string, number>
>;

/** The largest relative error of a number that is rounded to f16. */
const rounding = 2 ** -11;

/** A power of two: it does not round the gradient. It is large, so that the weight, from which the gradient is subtracted, rounds it little. */
const rate = 64;

describe.each(Object.entries(referenceModels))('%s', (name, reference) => {
  const options = { train: 'T', set: reference.set, weights: referenceWeights(name) };

  test('has gradients as exact as those of torch.autocast', async () => {
    const trainer = new Trainer(ort, blockOf(reference, `eval *\n optimizer sgd(lr = ${rate}.0)\n precision f16`), options);
    const start: Arrays = { ...trainer.start, loss_scale: scalar('f32', 1024) };
    const { state, steps } = await trainer.steps([referenceBatch(name)], start);
    expect(scalingIn(state)).toEqual([1024, 1, 0]);
    const wanted = openReference(name).arrays('grad.');
    let [squares, size] = [0, 0];
    for (const [weight, { data }] of Object.entries(wanted)) {
      const gradient = start[weight]!.data.map((value, i) => (value - state[weight]!.data[i]!) / rate);
      const sample = sampledAs({ ...start[weight]!, data: gradient }, 1024);
      for (const [i, value] of data.entries()) {
        squares += (sample[i]! - value) ** 2;
        size += value ** 2;
      }
    }
    const found = Math.sqrt(squares / size);
    // PyTorch has no recurrent layers in f16 on the CPU, and archc computes them in f32: all that remains is one product, forward and backward.
    expect(found).toBeLessThanOrEqual(2 * (autocast[name] ?? rounding));
    // It is not f32.
    expect(found).toBeGreaterThan(rounding / 10);
    const exact = openReference(name).arrays('').losses!.data[0]!;
    expect(Math.abs(steps[0]!.loss!.data[0]! / exact - 1)).toBeLessThanOrEqual(rounding);
  });

  test('has the losses of f32 over 20 steps', async () => {
    const [exact, half] = ['', 'precision f16'].map(
      (clause) => new Trainer(ort, blockOf(reference, `eval *\n optimizer adamw(lr = 0.001)\n ${clause}`), options),
    ) as [Trainer, Trainer];
    const feeds = Array.from({ length: 20 }, () => referenceBatch(name));
    const { steps } = await exact.steps(feeds);
    const found = await half.steps(feeds, { ...half.start, loss_scale: scalar('f32', 1024) });
    expect(scalingIn(found.state)).toEqual([1024, 20, 0]);
    const [wanted, got] = [steps, found.steps].map((all) => all.map(({ loss }) => loss!.data[0]!)) as [number[], number[]];
    // Below the resolution of f16 at the first loss.
    for (const [i, loss] of wanted.entries()) expect(Math.abs(got[i]! - loss), `step ${i + 1}`).toBeLessThanOrEqual(rounding * wanted[0]!);
    expect(got.at(-1)).toBeLessThan(got[0]!);
  });
});

test('a model in f16 learns', async () => {
  const trainer = new Trainer(ort, halfSource({ optimizer: 'adamw(lr = 0.03)' }), { train: 'T' });
  const { steps, state } = await trainer.steps(Array.from({ length: 150 }, (_, i) => halfBatch(i)));
  const losses = steps.map(({ loss }) => loss!.data[0]!);
  const mean = (some: readonly number[]) => some.reduce((a, b) => a + b) / some.length;
  expect(mean(losses.slice(-20))).toBeLessThan(0.3 * mean(losses.slice(0, 5)));
  const held = await trainer.evaluate(halfBatch(1000), state);
  expect(held.loss!.data[0]).toBeLessThan(0.3);
});
