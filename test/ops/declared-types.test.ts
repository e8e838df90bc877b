import { expect, test } from 'vitest';
import { modelOf } from '../kit/source.js';
import { wronglyDeclared } from '../random-programs/declared.js';

const divided = [
  'x // 0.5',
  'x // T',
  'x // s',
  'x // r',
  'i // 2',
  'i // k',
  '7 // i',
  'range(T) // 2',
  'x % 0.5',
  'x % s',
  'i % k',
  '9 % i',
];

test.each(divided)('`%s`: nodes on one operand alone are declared with its axes', (expression) => {
  const source = `model M(x: Tensor[N, T], s: Tensor[], r: Tensor[T], i: Tensor<i64>[N, T], k: Tensor<i64>[]) -> ${
    expression.includes('range') ? 'Tensor<i64>[T]' : /[ik]\b/.test(expression) ? 'Tensor<i64>[N, T]' : 'Tensor[N, T]'
  } { return ${expression} }`;
  expect(wronglyDeclared(modelOf(source).onnx)).toBeUndefined();
});
