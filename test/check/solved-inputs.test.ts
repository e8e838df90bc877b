import { expect, test } from 'vitest';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

/** What the model gives for inputs of zeros with these sizes. */
async function run(source: string, inputs: Readonly<Record<string, readonly number[]>>) {
  const { bytes } = builtModel(source);
  const zeros = Object.entries(inputs).map(([name, shape]) => {
    const length = shape.reduce((a, b) => a * b, 1);
    return [name, { dtype: 'f32' as const, shape, data: new Float64Array(length) }] as const;
  });
  return ort.run(bytes, Object.fromEntries(zeros));
}

test.each([
  ['a product of what another input tells', 'x: Tensor[N * K], k: Tensor[K]', { x: [12], k: [4] }, { N: 3, K: 4 }],
  ['a chain of sums', 'x: Tensor[N + K], z: Tensor[K + J], w: Tensor[2 * J]', { x: [9], z: [7], w: [6] }, { N: 5, K: 4, J: 3 }],
  ['a difference', 'x: Tensor[7 - N]', { x: [3] }, { N: 4 }],
  ['a falling multiple', 'x: Tensor[20 - 3 * N]', { x: [5] }, { N: 5 }],
  ['a multiple and more', 'x: Tensor[2 * T + 1, T - 4]', { x: [13, 2] }, { T: 6 }],
  ['a half beside the whole', 'x: Tensor[H // 2], h: Tensor[H]', { x: [3], h: [7] }, { H: 7 }],
] as const)('finds the sizes of inputs at run time: %s', async (_, inputs, shapes, sizes) => {
  const names = Object.keys(sizes);
  const outputs = names.map((name) => `${name.toLowerCase()}_: Tensor[]`).join(', ');
  const values = names.map((name) => `${name.toLowerCase()}_ = sum(x) + ${name}`).join(', ');
  const results = await run(`model M(${inputs}) -> (${outputs}) { return (${values}) }`, shapes);
  expect(Object.fromEntries(names.map((name) => [name, results[`${name.toLowerCase()}_`]?.data[0]]))).toEqual(sizes);
});
