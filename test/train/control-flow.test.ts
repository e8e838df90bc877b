import { expect, test } from 'vitest';
import type { CompileOptions } from '../../src/compile.js';
import { checkGradients, drawPlain } from '../kit/gradient-check.js';
import { modelOf } from '../kit/source.js';

interface Case {
  readonly name: string;
  readonly source: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly options?: CompileOptions;
}

const cell = `
layer Cell(H: int)(x: Tensor[N, T, D]) -> (y: Tensor[N, T, H], last: Tensor[N, H]) {
  param w: Tensor[D, H] = normal(std = 0.5)
  param u: Tensor[H, H] = normal(std = 0.5)
  scan a over x axis 1 carry h: Tensor[N, H] = zeros([N, H]) {
    next h = tanh(a @ w + h @ u)
    emit y = h * 2.0
  }
  return (y, last = h)
}
`;

const cases: readonly Case[] = [
  {
    name: 'a recurrent cell of its own',
    source: `${cell}
model M(x: Tensor[N, T, 3]) -> (y: Tensor[N, T, 4], last: Tensor[N, 4]) { return x -> cell: Cell(4) }`,
    sizes: { N: 2, T: 5 },
  },
  {
    name: 'a cell with a fixed number of steps on a target without scans',
    source: `${cell}
model M(x: Tensor[2, 3, 3]) -> (y: Tensor[2, 3, 4], last: Tensor[2, 4]) { return x -> cell: Cell(4) }`,
    sizes: {},
    options: { target: 'webgpu' },
  },
  {
    name: 'one step, and none',
    source: `${cell}
model M(x: Tensor[N, T, 3]) -> (y: Tensor[N, T, 4], last: Tensor[N, 4]) where T >= 0 { return x -> cell: Cell(4) }`,
    sizes: { N: 2, T: 1 },
  },
  {
    name: 'two carries of which one is whole, in reverse, over two operands along different axes',
    source: `
model M(a: Tensor[T, N], b: Tensor[N, T]) -> (y: Tensor[N, T], h: Tensor[N], k: Tensor<i64>[]) {
  scan (p, q) over (a, b) axis (0, 1) reverse carry h: Tensor[N] = ones([N]), k: Tensor<i64>[] = 0 {
    next h = h * p + sin(q)
    next k = k + 1
    emit y = h * h * cast(k, f32)
  }
  return (y = transpose(y, [1, 0]), h, k)
}`,
    sizes: { N: 2, T: 4 },
  },
  {
    name: 'a scan in a scan',
    source: `
model M(x: Tensor[N, T, S], w: Tensor[S]) -> (y: Tensor[N, T], h: Tensor[N]) {
  scan row over x axis 1 carry h: Tensor[N] = zeros([N]) {
    scan item over (row * w) axis 1 carry c: Tensor[N] = h {
      next c = tanh(c + item)
    }
    next h = 0.5 * h + c
    emit y = h * c
  }
  return (y, h)
}`,
    sizes: { N: 2, T: 3, S: 4 },
  },
  {
    name: 'a choice',
    source: `
model M(x: Tensor[N, 3], flag: Tensor<bool>[]) -> (y: Tensor[N, 3]) {
  param w: Tensor[3] = normal()
  param v: Tensor[3] = normal()
  y = cond flag { exp(x * w) } else { sin(x * w) * v }
  return y + x
}`,
    sizes: { N: 2 },
  },
  {
    name: 'a choice in a scan',
    source: `
model M(x: Tensor[T, 3]) -> (h: Tensor[3]) {
  param w: Tensor[3] = normal()
  scan a over x axis 0 carry h: Tensor[3] = ones([3]) {
    next h = cond sum(a) > 0.0 { tanh(h * w + a) } else { h - a }
  }
  return h
}`,
    sizes: { T: 6 },
  },
];

test.each(cases)('the gradient of $name is its central difference', ({ source, sizes, options }) => {
  for (const seed of [1, 2, 3]) expect(checkGradients(modelOf(source, options).graph, sizes, drawPlain, seed)).toBeGreaterThan(5);
});

test('the gradients of slices that lie side by side are joined, and those of others are summed', () => {
  const source = (slices: string) => `model M(w: Tensor[6, 4]) -> (y: Tensor[2, 4]) { return ${slices} }`;
  const padsIn = (slices: string) => {
    const { graph } = modelOf(source(slices));
    expect(checkGradients(graph, {}, drawPlain)).toBeGreaterThan(5);
    return [...graph.nodes].filter((node) => node.kind === 'op' && node.op.name === 'pad').length;
  };
  expect(padsIn('sin(w[0..2]) + cos(w[2..4]) * exp(w[4..6])')).toBe(0);
  // They overlap, or leave something out.
  expect(padsIn('sin(w[0..2]) + cos(w[2..4]) * exp(w[3..5])')).toBe(3);
  expect(padsIn('sin(w[0..2]) + cos(w[2..4])')).toBe(2);
});
