import { expect, it } from 'vitest';
import { printGraph } from '../../src/3-graph/print.js';
import { costOf } from '../../src/6-emit/cost.js';
import { modelOf } from '../kit/source.js';

const parts = `
layer Two(x: Tensor[N, D]) -> Tensor[N, D] { return x -> Linear(D) -> relu -> Linear(D) }
layer Wrap(inner: layer)(x: Tensor[N, D]) -> Tensor[N, D] { return 2 * x -> _: inner }
layer Again(inner: layer)(x: Tensor[N, D]) -> Tensor[N, D] {
  f = _: inner
  return x -> f -> f
}
fn twice(x: Tensor[N, D]) -> Tensor[N, D] { return x -> Linear(D) -> PReLU }
`;

const joined = `${parts}
model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {
  x = x -> Linear(8) -> _: Two -> linear_1: Linear(8) -> a: Wrap(Two) -> b: Wrap(Wrap(LayerNorm))
  return x -> c: Again(Two) -> twice -> twice -> Linear(8)
}`;

/** The same, with each body written where it is used. */
const written = `
layer A(x: Tensor[N, D]) -> Tensor[N, D] { return 2 * x -> linear: Linear(D) -> relu -> linear_1: Linear(D) }
layer B(x: Tensor[N, D]) -> Tensor[N, D] {
  param weight: Tensor[D] = ones
  param shift: Tensor[D] = zeros named "bias"
  return layer_norm(2 * (2 * x), weight, shift, eps = 1e-5, axis = -1)
}
layer C(x: Tensor[N, D]) -> Tensor[N, D] {
  f = linear: Linear(D)
  g = linear_1: Linear(D)
  return x -> f -> relu -> g -> f -> relu -> g
}
model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {
  x = x -> linear: Linear(8) -> linear_2: Linear(8) -> relu -> linear_3: Linear(8) -> linear_1: Linear(8) -> a: A
  return x -> b: B -> c: C -> linear_4: Linear(8) -> prelu: PReLU -> linear_5: Linear(8) -> prelu_1: PReLU -> linear_6: Linear(8)
}`;

it('makes the graph that the bodies make where they are used', () => {
  const graph = (source: string) => printGraph(modelOf(source).graph);
  expect(graph(joined)).toBe(graph(written));
});

it('counts what has no level for the layer around it, and nothing twice', () => {
  const costs = (source: string) => costOf(modelOf(source).graph).map(({ path, parameters, flops }) => [path, parameters, String(flops)]);
  expect(costs(joined)).toEqual(costs(written));
});

it('gives every node one kind more than labels', () => {
  for (const { path, kinds } of modelOf(joined).onnx.nodes) expect(kinds, path.join('.')).toHaveLength(path.length + 1);
});
