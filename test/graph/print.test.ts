import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { printGraph } from '../../src/3-graph/print.js';
import { modelOf } from '../kit/source.js';

it('prints a graph with names, types, options and scopes', async () => {
  const { graph } = modelOf(`
layer Block(D: int)(x: Tensor[N, T, D]) -> Tensor[N, T, D] {
  y = x -> norm: LayerNorm -> fc: Linear(D, bias = false) -> gelu
  return x + y
}
model M(x: Tensor[N, T, 8]) -> (y: Tensor[N, 8], last: Tensor[N, 8]) {
  h = x -> blocks[0]: Block(8)
  return (y = mean(h, axis = T), last = h[:, -1])
}`);
  await expect(printGraph(graph)).toMatchFileSnapshot(resolve(import.meta.dirname, 'print.txt'));
});
