import { expect, test } from 'vitest';
import { modelOf } from '../kit/source.js';

/** What is written about the sizes of a model: what it states, and what is left to run time. */
const written = (signature: string, body: string, more = '') => {
  const { facts, open } = modelOf(`${more}\nmodel M(${signature} {\n${body}\n}`).onnx;
  return { facts, open };
};

test('what is left open is said once, in the fewest words', () => {
  const body = '  x = x -> max_pool1d(4) -> max_pool1d(4)\n  return x[.., 1..]';
  expect(written('x: Tensor[N, 4, L]) -> (y: Tensor[N, 4, T])', body)).toEqual({ facts: [], open: ['L >= 16'] });
});

test('what follows from the facts is not left open, and facts stay as they were written', () => {
  const body = '  x = x -> max_pool1d(4) -> max_pool1d(4)\n  return x[.., 1..]';
  const signature = 'x: Tensor[N, 4, L]) -> (y: Tensor[N, 4, T]) where 16 <= L, L < 4_000, (N + 1) % 2 == 0';
  expect(written(signature, body)).toEqual({ facts: ['16 <= L', 'L < 4000', '(N + 1) % 2 == 0'], open: [] });
});

test('facts that come down to comparisons are written as these', () => {
  const signature = 'x: Tensor[N, H]) -> (y: Tensor[N, H - 2]) where !(H <= 3), ok(N), H in 1..65, !!(N <= 9)';
  expect(written(signature, '  return x[:, 2..]', 'let ok(a) = a >= 2 && a % 2 == 0').facts).toEqual([
    'H >= 4',
    'N >= 2',
    'N % 2 == 0',
    'H >= 1',
    'H <= 64',
    'N <= 9',
  ]);
});

test('facts about hyperparameters alone, which are numbers, are not written', () => {
  const source = `model M(heads = 4, width = 32)(x: Tensor[N, T, width]) -> (y: Tensor[N, T, width]) where width % heads == 0, T <= width { return x }`;
  expect(modelOf(source).onnx.facts).toEqual(['T <= 32']);
});
