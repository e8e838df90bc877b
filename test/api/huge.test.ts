import { expect, test } from 'vitest';
import { build, createMemoryHost } from '../../src/index.js';

test('a build in memory of weights that memory cannot hold is an error in words', () => {
  const source = `
model M(x: Tensor[N, 262144]) -> (y: Tensor[N, 262144]) {
  for i in 0..4 { x = x -> layers[i]: Linear(262144, bias = false) }
  return x
}
train T for M {
  loss = mean(y)
  freeze layers[1..4]
  optimizer sgd(0.1)
}`;
  expect(() => build('m.arch', createMemoryHost({ 'm.arch': source }), { train: 'T' })).toThrow(
    'memory cannot hold the weights, which have 1099511627776 bytes: write the model to a file',
  );
});
