import { expect, test } from 'vitest';
import type { BuildOptions } from '../../src/api/options.js';
import { signatureOf } from '../../src/describe-model.js';
import { programOf } from '../kit/source.js';

/** The ranges of the inputs of one entry, by name. */
function rangesOf(source: string, options: BuildOptions = {}, name = 'forward') {
  const model = programOf(source, options);
  const { inputs } = signatureOf(model, model.entries.find((entry) => entry.name === name)!);
  return Object.fromEntries(inputs.flatMap((input) => (input.range === undefined ? [] : [[input.name, input.range]])));
}

const bodyOf = (lines: string) => `model M(x: Tensor[N, 3], ids: Tensor<i64>[N]) -> (y: Tensor[]) where N % 2 == 0, N >= 4 {
  param table: Tensor[5, 3]
  param small: Tensor[2, 3]
  ${lines}
}`;

const upTo = (most: number | string) => ({ least: 0, most });

test.each([
  ['ids of an embedding', 'return mean(ids -> words: Embedding(7, 2))', upTo(6)],
  ['indices, which may count from the end', 'return mean(gather(table, ids, axis = 0))', { least: -5, most: 4 }],
  ['indices of elements', 'return mean(gather_elements(x, stack([ids, ids], axis = 1), axis = 1))', { least: -3, most: 2 }],
  ['a size that the call decides', 'return mean(gather(x, ids, axis = 0))', { least: '-N', most: 'N - 1' }],
  [
    'ids at other places, in another type',
    'return mean(embedding(table, cast(transpose(reshape(ids, [2, N // 2]), [1, 0]), i32)))',
    upTo(4),
  ],
  ['the tightest of several uses', 'return mean(embedding(table, ids) + embedding(small, ids))', upTo(1)],
  ['a loss', 'return nll_loss(x, ids)', { ...upTo(2), also: -100 }],
  ['a loss that ignores another label', 'return cross_entropy(x, ids, ignore_index = -1)', { ...upTo(2), also: -1 }],
  ['a loss of ids that are embedded, too', 'return nll_loss(embedding(table, ids), ids)', upTo(2)],
  [
    'what a scan goes through',
    'scan id over ids axis 0 carry h: Tensor[3] = zeros {\n next h = h + embedding(small, id)\n }\n return mean(h)',
    upTo(1),
  ],
])('the integers of an input are inferred from %s', (_, lines, range) => {
  expect(rangesOf(bodyOf(lines))).toEqual({ ids: range });
});

test.each([
  ['what is computed with', 'return mean(embedding(table, ids % 5))'],
  ['what is cut before it is used', 'return mean(embedding(table, ids[0..2]))'],
  ['what is compared', 'return mean(where(unsqueeze(ids, axis = 1) == 3, x, -x))'],
  ['one side of a condition', 'y = cond sum(x) > 0.0 { embedding(small, ids) } else { x }\n return mean(y)'],
])('nothing is inferred from %s', (_, lines) => {
  expect(rangesOf(bodyOf(lines))).toEqual({});
});

const source = `model M(tokens: Tensor<i64>[N, T]) -> (logits: Tensor[N, T, 11]) {
  return tokens -> words: Embedding(13, 4) -> head: Linear(11)
}
train Fit for M {
  input labels: Tensor<i64>[N, T]
  loss = cross_entropy(logits, labels)
  optimizer sgd(lr = 0.1)
}`;

test.each(['cpu', 'webgpu'] as const)('the graphs of a training for %s say which labels the loss knows', (target) => {
  const wanted = { tokens: upTo(12), labels: { ...upTo(10), also: -100 } };
  const options = { train: 'Fit', target, gradients: true };
  for (const name of ['train', 'eval', 'grads']) expect(rangesOf(source, options, name), name).toEqual(wanted);
  expect(rangesOf(source, options, 'apply')).toEqual({});
});
