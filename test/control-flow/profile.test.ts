import { expect, it } from 'vitest';
import type { NdArray } from '../../src/ops/types.js';
import { builtModel } from '../kit/model-run.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

/** The names of the nodes that a run executes without ONNX Runtime's own optimizations. */
async function executed(bytes: Uint8Array, feeds: Readonly<Record<string, NdArray>>): Promise<readonly string[]> {
  return (await ort.trace(bytes, feeds, { optimization: 'disabled' })).nodes.map(({ name }) => name);
}

const ones = (...shape: readonly number[]): NdArray => ({
  dtype: 'f32',
  shape,
  data: new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(1),
});
const boolean = (value: boolean): NdArray => ({ dtype: 'bool', shape: [], data: Float64Array.of(value ? 1 : 0) });

it('only the side of a cond that is taken runs', async () => {
  const { bytes } = builtModel(`layer Side(x: Tensor[N, D]) -> Tensor[N, D] { return x -> fc: Linear(D) -> relu }
model M(x: Tensor[N, 4], on: Tensor<bool>[]) -> (y: Tensor[N, 4]) {
  return cond on { x -> yes: Side } else { x -> no: Side }
}`);
  for (const on of [true, false]) {
    const ran = await executed(bytes, { x: ones(2, 4), on: boolean(on) });
    const of = (label: string) => ran.filter((name) => name.startsWith(`/${label}/`));
    expect(of(on ? 'yes' : 'no').length).toBeGreaterThan(2);
    expect(of(on ? 'no' : 'yes')).toEqual([]);
  }
});

it('no part of a side is computed before the choice, and nothing is shared with the surrounding graph', async () => {
  const { bytes } = builtModel(`model M(x: Tensor[N, 4], on: Tensor<bool>[]) -> (y: Tensor[N, 4], z: Tensor[N, 4]) {
  y = cond on { exp(x) * 2 } else { x }
  return (y, z = exp(x))
}`);
  const exps = async (on: boolean) =>
    (await executed(bytes, { x: ones(2, 4), on: boolean(on) })).filter((name) => name.includes('Exp')).length;
  expect(await exps(true)).toBe(2);
  expect(await exps(false)).toBe(1);
});

it('the body of a scan runs once for each step', async () => {
  const { bytes } = builtModel(`model M(x: Tensor[N, T, 4]) -> (y: Tensor[N, 4]) {
  scan xt over x axis 1 carry h: Tensor[N, 4] = zeros { next h = tanh(h + xt) }
  return h
}`);
  const ran = await executed(bytes, { x: ones(2, 5, 4) });
  expect(ran.filter((name) => name.includes('Tanh')).length).toBe(5);
});
