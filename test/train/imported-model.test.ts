import { expect, test } from 'vitest';
import { compileText, complaints, programOf } from '../kit/source.js';

const model = 'model Net(classes = 3)(x: Tensor[N, 4]) -> (logits: Tensor[N, classes]) { return x -> fc: Linear(classes) }';
const block = (name: string) => `
train T for ${name} {
  input labels: Tensor<i64>[N]
  loss = cross_entropy(logits, labels)
  optimizer sgd(0.1)
}`;
const files = (first: string, name: string) => ({ 'main.arch': `${first}\n${block(name)}`, 'net.arch': model });

test.each([
  ['import { Net } from "./net.arch"', 'Net'],
  ['import { Net as Other } from "./net.arch"', 'Other'],
  ['import { Net } from "./net.arch"\nmodel Small = Net(classes = 2)', 'Small'],
])('%s: a block trains a model of another file', (first, name) => {
  const { entries, training } = programOf(files(first, name), { train: 'T' });
  expect(entries.map((entry) => entry.name)).toEqual(['forward', 'train', 'eval']);
  expect(training?.step.weights).toEqual(['fc.weight', 'fc.bias']);
});

test('settings reach it', () => {
  const { training } = programOf(files('import { Net } from "./net.arch"', 'Net'), { train: 'T', set: { classes: '7' } });
  expect(training?.state.map(({ type }) => type.shape.join())).toEqual(['7,4', '7']);
});

test('of one that does not exist, only the block says so', () => {
  expect(complaints(compileText(files('import { Net } from "./net.arch"', 'Nte'), { train: 'T' }))).toEqual(['unknown-name@3']);
});
