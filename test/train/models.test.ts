import { describe, expect, test } from 'vitest';
import type { NdArray } from '../../src/ops/types.js';
import { fileWithoutWeights, gradientGraph } from '../kit/block-gradients.js';
import { useOrt } from '../kit/ort.js';
import { largestDifference, openReference, sampledAs } from '../kit/reference.js';
import { referenceBatch, referenceModels, referenceWeights } from '../kit/reference-models.js';
import { Trainer } from '../kit/trainer.js';

const ort = useOrt();

/** Whole models against PyTorch and Hugging Face Transformers. */
describe.each(Object.entries(referenceModels))('%s', (name, { source, model, labels, set, noise }) => {
  const block = `train T for ${model} {
    input labels: ${labels}
    loss = cross_entropy(logits, labels)
    eval *
  `;
  const reference = openReference(name);
  const { losses } = reference.arrays('') as { losses: NdArray };
  const feeds = referenceBatch(name);
  const weights = referenceWeights(name);
  const gradients = reference.arrays('grad.');
  const largest = reference.arrays('largest.');
  const largestOfAll = Math.max(...Object.values(largest).map(({ data }) => data[0] as number));

  test('the gradients', async () => {
    const graph = gradientGraph(`${source}\n${block}\n optimizer sgd(lr = 0.1) }`, 'T', set);
    const inputs = { ...feeds, ...weights, step: scalar(0) };
    const given = Object.fromEntries(graph.inputs.map(({ hint = '' }) => [hint, inputs[hint as keyof typeof inputs] as NdArray]));
    const got = await ort.run(fileWithoutWeights(graph), given);
    expect(Math.abs((got.loss?.data[0] as number) / (losses.data[0] as number) - 1)).toBeLessThanOrEqual(1e-6);
    const names = Object.keys(gradients);
    expect(names.length).toBeGreaterThan(5);
    expect(
      Object.keys(got)
        .filter((key) => key.startsWith('grad.'))
        .sort(),
    ).toEqual(names.map((key) => `grad.${key}`).sort());
    for (const key of names) {
      const difference = largestDifference(sampledAs(got[`grad.${key}`] as NdArray, 1024), gradients[key]!.data);
      const bound = Math.max(1e-4 * (largest[key]!.data[0] as number), 1e-6 * largestOfAll);
      expect(difference, key).toBeLessThanOrEqual(bound);
    }
  });

  test.each([
    ['sgd3', 'sgd(lr = 0.01)'],
    ['adamw3', 'adamw(lr = 0.001, betas = (0.9, 0.999), eps = 1e-8, weight_decay = 0.01)'],
  ] as const)('three steps: %s', async (key, optimizer) => {
    const trainer = new Trainer(ort, `${source}\n${block}\n optimizer ${optimizer} }`, { train: 'T', set, weights });
    const { steps, state } = await trainer.steps([feeds, feeds, feeds]);
    const wanted = reference.arrays(`${key}.`);
    expect([...trainer.training.step.weights].sort()).toEqual(Object.keys(wanted).sort());
    const relative = steps.map(({ loss }, i) => Math.abs((loss?.data[0] as number) / (losses.data[i] as number) - 1));
    if (key === 'adamw3') expect(Math.max(...relative)).toBeLessThanOrEqual(1e-5);
    let worst = 0;
    const noisy: { readonly weight: string; readonly difference: number }[] = [];
    for (const [weight, { data }] of Object.entries(wanted)) {
      const mine = sampledAs(state[weight] as NdArray, 1024);
      expect(mine.length, weight).toBe(data.length);
      for (const [i, value] of data.entries()) {
        const difference = Math.abs((mine[i] as number) - value);
        const isFlat = Math.abs(gradients[weight]!.data[i] as number) < 1e-6 * largestOfAll;
        if (key === 'adamw3' && isFlat && difference > 1e-5) noisy.push({ weight, difference });
        else if (!(difference <= worst)) worst = difference;
      }
    }
    expect(worst).toBeLessThanOrEqual(1e-5);
    const [names, count] = noise;
    expect(names).toEqual(expect.arrayContaining([...new Set(noisy.map(({ weight }) => weight))]));
    expect(noisy.length).toBeLessThanOrEqual(count);
    // Two steps in opposite directions differ by twice the rate.
    for (const { difference } of noisy) expect(difference).toBeLessThanOrEqual(3 * 2 * 0.001);
  });
});

function scalar(value: number): NdArray {
  return { dtype: 'i32', shape: [], data: Float64Array.of(value) };
}
