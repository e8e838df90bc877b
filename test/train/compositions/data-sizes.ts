import type { Composition } from './composition.js';

export const dataSizes: readonly Composition[] = [
  {
    name: 'elements that a mask selects',
    source: `
model M(x: Tensor[N, 3], ids: Tensor<i64>[N]) -> (y: Tensor[K, 3], s: Tensor[3]) {
  param w: Tensor[3] = normal()
  part = (x * w)[ids > 0]
  return (y = part * part, s = sum(exp(part), axis = 0))
}`,
    sizes: [{ N: 1 }, { N: 4 }, { N: 9 }],
  },
  {
    name: 'elements that a mask selects in a layer',
    source: `
layer Selected(x: Tensor[N, 3], ids: Tensor<i64>[N]) -> Tensor[K, 3] {
  param w: Tensor[3] = normal()
  return ((x * w)[ids > 0]) as [K, 3] -> fc: Linear(3) -> tanh
}
model M(x: Tensor[N, 3], ids: Tensor<i64>[N]) -> (y: Tensor[K, 3]) {
  y = x -> a: Selected(ids)
  return y * y
}`,
    sizes: [{ N: 1 }, { N: 4 }, { N: 9 }, { N: 5 }],
  },
  {
    name: 'sizes that each step of a scan makes',
    source: `
model M(x: Tensor[T, N], ids: Tensor<i64>[T, N]) -> (y: Tensor[T], h: Tensor[]) {
  param w: Tensor[] = normal()
  scan (a, i) over (x, ids) axis (0, 0) carry h: Tensor[] = 1 {
    part = a[i > 0] * w
    next h = tanh(h + sum(part * part))
    emit y = h * sum(sin(part))
  }
  return (y, h)
}`,
    sizes: [
      { N: 1, T: 1 },
      { N: 5, T: 3 },
    ],
  },
  {
    name: 'sizes that a side of a choice makes',
    source: `
model M(x: Tensor[N], ids: Tensor<i64>[N], flag: Tensor<bool>[]) -> (y: Tensor[]) {
  param w: Tensor[] = normal()
  return cond flag { sum((x * w)[ids > 0] ** 2) } else { sum(x[ids < 1] * w) }
}`,
    sizes: [{ N: 4 }, { N: 6 }, { N: 1 }, { N: 5 }],
  },
];
