import { describe, expect, test } from 'vitest';
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

describe('a model that is made for the block', () => {
  test.each([
    ['its own', `${model}\n${block('Net(classes = 2)')}`],
    ['an imported one', files('import { Net as Other } from "./net.arch"', 'Other(classes = 2)')],
  ])('is built for inference, too: %s', (_, source) => {
    const { name, entries, training } = programOf(source, { train: 'T' });
    expect(name).toMatch(/Net|Other/);
    expect(entries.map((entry) => entry.name)).toEqual(['forward', 'train', 'eval']);
    expect(entries[0]!.onnx.outputs.map(({ type }) => type.shape.map(String))).toEqual([['N', '2']]);
    expect(training?.state.map(({ type }) => type.shape.join())).toEqual(['2,4', '2']);
  });

  test('may have settings for the rest, and leaves other blocks alone', () => {
    const source = `${model.replace('classes = 3', 'width, classes = 3').replace('x -> fc', 'x -> wide: Linear(width) -> fc')}
      ${block('Net(classes = 2)')}${block('Net').replace('train T', 'train Other')}`;
    const { training } = programOf(source, { train: 'T', set: { width: '5' } });
    expect(training?.state.map(({ type }) => type.shape.join())).toEqual(['5,4', '5', '2,5', '2']);
    expect(complaints(compileText(source, { train: 'T' }))).toEqual(['missing-setting@3']);
  });
});

test('the model that is asked for must be the one that the block trains', () => {
  const source = `${model}\n${model.replace('Net', 'Large')}\n${block('Net')}`;
  expect(complaints(compileText(source, { train: 'T', model: 'Large' }))).toEqual(['other-model@4']);
  expect(complaints(compileText(source, { train: 'T', model: 'Net' }))).toEqual([]);
});
