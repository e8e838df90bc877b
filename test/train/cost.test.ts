import { expect, test } from 'vitest';
import type { CompileOptions } from '../../src/compile.js';
import { trainingCost } from '../../src/training-cost.js';
import { programOf } from '../kit/source.js';

function costOf(source: string, options: CompileOptions = {}) {
  const { training } = programOf(source, { ...options, train: 'T' });
  if (training === undefined) throw new Error('there is no training');
  const { trained, frozen, state, gradients, keptBytes, leastBytes, largestBytes } = trainingCost(training);
  return {
    trained: trained.count,
    frozen: frozen.count,
    state: state.count,
    gradients: gradients.count,
    kept: String(keptBytes),
    least: String(leastBytes),
    largest: largestBytes.map(String),
  };
}

test('of two linear layers, a step keeps the input of the second, which also says where the gradient passes', () => {
  const source = `
model M(x: Tensor[N, 8]) -> (y: Tensor[N, 2]) { return x -> a: Linear(16) -> relu -> b: Linear(2, bias = false) }
train T for M {
  loss = mean(y)
  optimizer adam(lr = 0.1)
}`;
  // 4 bytes for each of 16 * N numbers; the weights of b, transposed for the product, are kept for the gradient of its input.
  expect(costOf(source)).toEqual({
    trained: 176,
    frozen: 0,
    state: 352,
    gradients: 176,
    kept: '64*N + 128',
    least: `64*N + ${128 + 4 * (176 + 352 + 176)}`,
    // All gradients together, and the hidden layer.
    largest: ['704', '64*N'],
  });
  const frozen = source.replace('  loss', '  freeze a.weight\n  loss');
  expect(costOf(frozen)).toMatchObject({ trained: 48, frozen: 128, state: 96, gradients: 48 });
});

test('layers that are computed again keep their inputs only', () => {
  const source = (checkpoint: string) => `
model M(x: Tensor[N, T, 64]) -> (y: Tensor[N, T, 64]) {
  for i in 0..6 { x = x -> layers[i]: TransformerEncoderLayer(4, ff = 256) }
  return x
}
train T for M {
  loss = mean(y)
  eval *
  optimizer sgd(lr = 0.1)
  ${checkpoint}
}`;
  const kept = (checkpoint: string) => Number(costOf(source(checkpoint), { bind: { N: 4, T: 32 } }).kept);
  // Five inputs of layers; the input of the first is that of the model.
  expect(kept('checkpoint layers[*]')).toBe(5 * 4 * 4 * 32 * 64);
  expect(kept('')).toBeGreaterThan(10 * kept('checkpoint layers[*]'));
});

test('what is the same at each step of a scan is not kept for each', () => {
  const source = (product: string) => `
model M(x: Tensor[N, T, 16]) -> (y: Tensor[N, 16]) {
  param w: Tensor[16, 16] = normal()
  scan item over x axis 1 carry h: Tensor[N, 16] = zeros { next h = tanh(${product}) }
  return h
}
train T for M {
  loss = mean(y)
  optimizer sgd(lr = 0.1)
}`;
  expect(costOf(source('item + h @ w.T')).kept).toBe(costOf(source('item + h @ w')).kept);
});
