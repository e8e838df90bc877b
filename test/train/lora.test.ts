import { describe, expect, test } from 'vitest';
import type { NdArray } from '../../src/ops/types.js';
import { fileWithoutWeights, gradientGraph } from '../kit/block-gradients.js';
import { useOrt } from '../kit/ort.js';
import { largestDifference, openReference } from '../kit/reference.js';
import { type Arrays, Trainer } from '../kit/trainer.js';

/** Low-rank adapters against a linear layer of PyTorch that has them: test/reference/lora.py makes the data. */
const conv1d = `
layer Conv1D(out: int)(x: Tensor[*B, In]) -> Tensor[*B, out] {
  param weight: Tensor[In, out] = normal
  param bias: Tensor[out] = zeros
  return x @ weight + bias
}`;
const net = (first: string) => `
model M(x: Tensor[N, 5]) -> (logits: Tensor[N, 3]) {
  return x -> first: ${first}(8) -> tanh -> second: Linear(8, bias = false) -> tanh -> head: Linear(3)
}`;
const twice = `
model M(x: Tensor[N, 5]) -> (logits: Tensor[N, 3]) {
  second = Linear(8, bias = false)
  return x -> first: Linear(8) -> tanh -> second -> tanh -> second -> tanh -> head: Linear(3)
}`;
const tied = `
model M(ids: Tensor<i64>[N, T]) -> (logits: Tensor[N, T, 9]) {
  table = Embedding(9, 6)
  return tanh(table(ids)) @ table.weight.T
}`;

const adapters = 'freeze *\n lora(rank = 2, alpha = 6) on first, second';
const cases: Readonly<Record<string, readonly [model: string, clauses: string, labels?: string]>> = {
  linear: [net('Linear'), adapters],
  inputs_first: [net('Conv1D') + conv1d, adapters],
  twice: [twice, adapters],
  head: [net('Linear'), 'freeze first, second\n lora(rank = 2, alpha = 6) on first, second'],
  tied: [tied, 'freeze *\n lora(rank = 3) on table', 'Tensor<i64>[N, T]'],
};

const ort = useOrt();
const reference = openReference('lora');

describe.each(Object.entries(cases))('%s', (name, [model, clauses, labels = 'Tensor<i64>[N]']) => {
  const block = (name: string, clause: string) => `
train ${name} for M {
  input labels: ${labels}
  loss = cross_entropy(logits, labels)
  ${clause}
  optimizer adamw(lr = 0.01)
}`;
  const source = model + block('T', clauses) + block('Plain', '');
  const weights = reference.arrays(`${name}/start.`);
  const batch = reference.arrays(`${name}/in.`);
  const after = reference.arrays(`${name}/after.`);
  const trained = Object.keys(after).sort();

  test('the gradients', async () => {
    const graph = gradientGraph(source, 'T');
    const inputs: Arrays = {
      ...batch,
      ...weights,
      ...reference.arrays(`${name}/grown.`),
      step: { dtype: 'i32', shape: [], data: Float64Array.of(0) },
    };
    const got = await ort.run(
      fileWithoutWeights(graph),
      Object.fromEntries(graph.inputs.flatMap(({ hint = '' }) => (hint in inputs ? [[hint, inputs[hint] as NdArray]] : []))),
    );
    for (const [key, { data }] of Object.entries(reference.arrays(`${name}/grad.`))) {
      const largest = Math.max(...data.map(Math.abs));
      expect(largest, key).toBeGreaterThan(0);
      expect(largestDifference(got[`grad.${key}`]?.data ?? [], data), key).toBeLessThanOrEqual(1e-4 * largest);
    }
  });

  test('three steps change the adapters, and nothing else', async () => {
    const trainer = new Trainer(ort, source, { train: 'T', weights });
    const { steps, state } = await trainer.steps([batch, batch, batch], { ...trainer.start, ...reference.arrays(`${name}/adapter.`) });
    expect([...trainer.training.step.weights].sort()).toEqual(trained);
    for (const key of trained) expect(largestDifference(state[key]!.data, after[key]!.data), key).toBeLessThanOrEqual(1e-5);
    const { losses } = reference.arrays(`${name}/`) as { losses: NdArray };
    expect(
      largestDifference(
        steps.map(({ loss }) => loss!.data[0]!),
        losses.data,
      ),
    ).toBeLessThanOrEqual(1e-6);
    // What is not a state stays in the file of the graph, which no step writes.
    const states = trainer.entry('train').graph.states.map(({ state: { input } }) => input);
    expect(states.filter((key) => !key.startsWith('optimizer.') && key !== 'step').sort()).toEqual(trained);
  });

  test('at first, the model computes exactly what it did', async () => {
    const [adapted, plain] = ['T', 'Plain'].map((train) => new Trainer(ort, source, { train, weights })) as [Trainer, Trainer];
    const drawn = Object.entries(adapted.start).filter(([key]) => key.endsWith('.lora_A.weight'));
    expect(drawn.length).toBeGreaterThan(0);
    for (const [, { data }] of drawn) expect(new Set(data).size).toBeGreaterThan(5);
    const [mine, theirs] = [await adapted.evaluate(batch), await plain.evaluate(batch)];
    expect(mine.loss).toEqual(theirs.loss);
  });
});

test('of two clauses that match a matrix, the last one counts', () => {
  const source = `${net('Linear')}
train T for M { loss = mean(logits)\n freeze *\n lora(rank = 1) on first, second\n lora(rank = 2) on *\n optimizer sgd(lr = 0.1) }`;
  const { training, start } = new Trainer(ort, source, { train: 'T' });
  expect(training.step.adapters.map(({ a }) => [a, start[a]?.shape])).toEqual([
    ['first.lora_A.weight', [2, 5]],
    ['second.lora_A.weight', [2, 8]],
    ['head.lora_A.weight', [2, 8]],
  ]);
});

test('a matrix with an adapter stays as it is, even without `freeze`', () => {
  const source = `${net('Linear')}\ntrain T for M { loss = mean(logits)\n lora(rank = 1) on first, head\n optimizer sgd(lr = 0.1) }`;
  const { training } = new Trainer(ort, source, { train: 'T' });
  expect(training.step.weights.filter((name) => !name.includes('lora'))).toEqual(['first.bias', 'second.weight', 'head.bias']);
});
