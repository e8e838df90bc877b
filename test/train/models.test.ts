import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { NdArray } from '../../src/ops/types.js';
import { fileWithoutWeights, gradientGraph } from '../kit/block-gradients.js';
import { arraysOf, fixturePath } from '../kit/fixtures.js';
import { useOrt } from '../kit/ort.js';
import { exampleModel, largestDifference, openReference, sampledAs } from '../kit/reference.js';
import { type Arrays, Trainer } from '../kit/trainer.js';

/** Whole models against PyTorch and Hugging Face Transformers: test/reference/models.py makes the data. */
interface Case {
  readonly source: string;
  readonly model: string;
  readonly labels: string;
  readonly set?: Readonly<Record<string, string>>;
  /** The weights in test/fixtures, or those of the reference data. */
  readonly isFixture: boolean;
  /**
   * Tensors with elements whose gradient is 0 but for rounding, and how many these are. Adam divides a gradient by its own size, so that rounding becomes steps. All are
   * the biases of keys, which softmax does not see.
   */
  readonly noise: readonly [names: readonly string[], count: number];
}

const own = (name: string) => readFileSync(resolve(import.meta.dirname, `../reference/models/${name}.arch`), 'utf8');
const text = 'Tensor<i64>[N, T]';
const one = 'Tensor<i64>[N]';
const llama = { vocab: '100', D: '32', depth: '2', heads: '4', kv_heads: '2', ff: '64', eps: '1e-6', theta: '10000.0' };
const cases: Readonly<Record<string, Case>> = {
  cnn: { source: exampleModel('cnn'), model: 'CNN', labels: one, isFixture: true, noise: [[], 0] },
  lstm: { source: exampleModel('lstm'), model: 'RNN', labels: one, isFixture: true, noise: [[], 0] },
  transformer: {
    source: exampleModel('transformer'),
    model: 'Transformer',
    labels: text,
    isFixture: true,
    noise: [['decoder.multihead_attn.in_proj_bias', 'decoder.self_attn.in_proj_bias', 'encoder.self_attn.in_proj_bias'], 24],
  },
  gpt2: {
    source: exampleModel('gpt2'),
    model: 'GPT2',
    labels: text,
    set: { vocab: '100', positions: '32', D: '32', layers: '2', heads: '4' },
    isFixture: true,
    noise: [['transformer.h.0.attn.c_attn.bias', 'transformer.h.1.attn.c_attn.bias'], 64],
  },
  gru_tagger: { source: own('gru_tagger'), model: 'GRUTagger', labels: text, isFixture: false, noise: [[], 0] },
  llama: {
    source: exampleModel('llama'),
    model: 'Llama',
    labels: text,
    set: Object.fromEntries(Object.entries(llama).map(([name, value]) => [`c.${name}`, value])),
    isFixture: false,
    noise: [[], 0],
  },
  vit: {
    source: own('vit'),
    model: 'ViT',
    labels: one,
    isFixture: false,
    noise: [['vit.layers.0.attention.k_proj.bias', 'vit.layers.1.attention.k_proj.bias'], 64],
  },
};

const ort = useOrt();

describe.each(Object.entries(cases))('%s', (name, { source, model, labels, set, isFixture, noise }) => {
  const block = `train T for ${model} {
    input labels: ${labels}
    loss = cross_entropy(logits, labels)
    eval *
  `;
  const reference = openReference(name);
  const { labels: target, losses } = reference.arrays('') as { labels: NdArray; losses: NdArray };
  const feeds: Arrays = { ...reference.arrays('in.'), ...whole(name, reference.arrays('in.')), labels: target };
  const weights: Arrays = isFixture
    ? Object.fromEntries(arraysOf(fixturePath(name, 'weights.safetensors')))
    : openReference(`${name}.weights`).arrays('');
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

/** The inputs that Transformers makes itself. */
function whole(name: string, { input_ids: ids }: Arrays): Arrays {
  if (name !== 'llama' || ids === undefined) return {};
  const time = ids.shape[1] as number;
  return {
    position_ids: { ...ids, data: ids.data.map((_, i) => i % time) },
    attention_mask: { ...ids, data: ids.data.map(() => 1) },
  };
}

function scalar(value: number): NdArray {
  return { dtype: 'i32', shape: [], data: Float64Array.of(value) };
}
