import { expect, it } from 'vitest';
import { costOf } from '../../src/6-emit/cost.js';
import { modelOf } from '../kit/source.js';

const source = `
layer Block(D: int)(x: Tensor[N, T, D]) -> Tensor[N, T, D] { return x + (x -> fc: Linear(D) -> relu) }
model M(x: Tensor[N, T, 8]) -> (y: Tensor[N, T, 2]) {
  for i in 0..2 { x = x -> blocks[i]: Block(8) }
  return x -> head: Linear(2, bias = false)
}`;

it('counts parameters, operations and bytes of each layer, inner layers inside outer ones', () => {
  const rows = costOf(modelOf(source).graph).map((r) => [
    r.path,
    r.kind,
    r.parameters,
    r.weightBytes,
    String(r.flops),
    String(r.activationBytes),
  ]);
  // A linear layer of 8 on 8: 2*8*8 for the product, 8 for the bias; its weight is transposed once, which is not an activation.
  expect(rows).toEqual([
    ['', 'M', 2 * 72 + 16, 4 * 160, '336*N*T', '264*N*T'],
    ['blocks.0', 'Block', 72, 288, '152*N*T', '128*N*T'],
    ['blocks.0.fc', 'Linear', 72, 288, '136*N*T', '64*N*T'],
    ['blocks.1', 'Block', 72, 288, '152*N*T', '128*N*T'],
    ['blocks.1.fc', 'Linear', 72, 288, '136*N*T', '64*N*T'],
    ['head', 'Linear', 16, 64, '32*N*T', '8*N*T'],
  ]);
});

it('counts shared weights once', () => {
  const shared = 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  fc = Linear(8)\n  return x -> fc -> fc\n}';
  const [model] = costOf(modelOf(shared).graph);
  expect(model?.parameters).toBe(72);
  expect(String(model?.flops)).toBe('272*N');
});

it('gives numbers where the sizes are bound', () => {
  const [model] = costOf(modelOf(source, { bind: { N: 2, T: 16 } }).graph);
  expect(model?.flops.constant).toBe(336 * 32);
});

it('gives everything outside layers a row of its own', () => {
  const mixed = `
model M(x: Tensor[N, 8]) -> (y: Tensor[N, 4]) {
  param w: Tensor[8, 4] = normal
  buffer shift: Tensor[4] = zeros
  return (x -> fc: Linear(8, bias = false)) @ w + shift
}`;
  const rows = costOf(modelOf(mixed).graph).map((r) => [r.scope, r.path, r.parameters, r.buffers, String(r.flops)]);
  expect(rows).toEqual([
    ['model', '', 96, 4, '196*N'],
    ['layer', 'fc', 64, 0, '128*N'],
    ['outside', '', 32, 4, '68*N'],
  ]);
});

it('counts work that is shared once', () => {
  const twice = `
layer Angles(x: Tensor[N, 8, T]) -> Tensor[N, 8, T] { return x * cos(range(T, dtype = f32)) }
model M(x: Tensor[N, 8, T]) -> (y: Tensor[N, 8, T]) {
  return x -> a: Angles -> b: Angles
}`;
  const rows = costOf(modelOf(twice).graph).map((r) => [r.path, String(r.flops)]);
  expect(rows).toEqual([
    ['', '16*N*T + T'],
    ['a', '8*N*T + T'],
    ['b', '8*N*T'],
  ]);
});
