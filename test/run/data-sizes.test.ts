import { expect, test } from 'vitest';
import { modelOf as described } from '../../src/describe-model.js';
import { ndArray } from '../../src/ops/nd/array.js';
import type { NdArray } from '../../src/ops/types.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';
import { programOf } from '../kit/source.js';

const ort = useOrt();

const source = `
layer Positive(x: Tensor[N]) -> (values: Tensor[K], at: Tensor<i64>[K]) {
  at = nonzero(x > 0) as [K, 1]
  return (gather_nd(x, at), squeeze(at, axis = 1))
}
model M(x: Tensor[N], keep: Tensor<bool>[N]) -> (a: Tensor[A], at: Tensor<i64>[A], b: Tensor[B], c: Tensor[C + N], zeros: Tensor[K, 2]) {
  (a, at) = Positive(x)
  (b, _) = Positive(x[keep])
  _places = nonzero(keep) as [K, 1]
  return (a, at, b, concat(x[!keep], x, axis = 0), zeros([K, 2]) + K)
}`;

const floats = (values: readonly number[]): NdArray => ndArray('f32', [values.length], Float64Array.from(values));
const flags = (values: readonly number[]): NdArray => ndArray('bool', [values.length], Float64Array.from(values));

test.each(['portable', 'cpu', 'cuda', 'webgpu', 'wasm'] as const)('the data decide sizes at run time, for %s', async (target) => {
  const { bytes } = builtModel(source, { target });
  const some = await ort.run(bytes, { x: floats([3, -1, 2, 5]), keep: flags([0, 1, 1, 1]) });
  expect(some).toEqual({
    a: floats([3, 2, 5]),
    at: ndArray('i64', [3], Float64Array.of(0, 2, 3)),
    b: floats([2, 5]),
    c: floats([3, 3, -1, 2, 5]),
    zeros: ndArray('f32', [3, 2], new Float64Array(6).fill(3)),
  });
  const none = await ort.run(bytes, { x: floats([-1, -2]), keep: flags([0, 0]) });
  expect(none).toEqual({
    a: floats([]),
    at: ndArray('i64', [0], new Float64Array(0)),
    b: floats([]),
    c: floats([-1, -2, -1, -2]),
    zeros: ndArray('f32', [0, 2], new Float64Array(0)),
  });
});

const controlled = `
model M(x: Tensor[N, 3], c: Tensor<bool>[]) -> (means: Tensor[3], y: Tensor[]) {
  scan column over x axis 1 {
    some = column[column > 0] as [K]
    emit mean = unsqueeze(sum(some * ones([K])) / K, 0)
  }
  y = cond c {
    some = x[x > 0] as [K]
    sum(some) + K
  } else { sum(x[x < 0]) }
  return (means = squeeze(mean, axis = 0), y = y)
}`;

test.each(['portable', 'cpu', 'webgpu'] as const)(
  'each step of a scan and each side of a cond decides sizes of its own, for %s',
  async (target) => {
    const { bytes } = builtModel(controlled, { target });
    const x = ndArray('f32', [3, 3], Float64Array.of(1, -1, 2, 3, 4, -2, -3, 6, 7));
    const yes = await ort.run(bytes, { x, c: ndArray('bool', [], Float64Array.of(1)) });
    const no = await ort.run(bytes, { x, c: ndArray('bool', [], Float64Array.of(0)) });
    expect([...(yes.means?.data ?? [])]).toEqual([2, 5, 4.5]);
    expect([yes.y?.data[0], no.y?.data[0]]).toEqual([23 + 6, -6]);
  },
);

test('they are names in the shapes of the outputs, with their bounds, and no sizes of the inputs', () => {
  const { signature } = described(programOf(source));
  expect(signature.dims).toEqual(['N']);
  expect(signature.outputs.map(({ shape }) => shape)).toEqual([['A'], ['A'], ['B'], ['C + N'], ['K', 2]]);
  // `found` is the number of elements of x[keep], the positive ones of which are selected.
  expect(signature.dataDims).toEqual([
    { name: 'A', least: 0, most: 'N' },
    { name: 'found', least: 0, most: 'N' },
    { name: 'B', least: 0, most: 'found' },
    { name: 'K', least: 0, most: 'N' },
    { name: 'C', least: 0, most: 'N' },
  ]);
});
