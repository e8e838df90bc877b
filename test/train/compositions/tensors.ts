import { type Composition, fixedSizes } from './composition.js';

export const tensors: readonly Composition[] = [
  {
    name: 'tensors that one node reads twice',
    source: `
model M(x: Tensor[3, 3], m: Tensor<bool>[3, 3]) -> (a: Tensor[3, 3], b: Tensor[6, 3], c: Tensor[3, 3], d: Tensor[3, 3], e: Tensor[3, 3], f: Tensor[3, 3], g: Tensor[2, 3, 3], h: Tensor[3, 3], k: Tensor[]) {
  p = exp(x)
  return (a = x * x, b = concat(x, x, axis = 0), c = x @ x, d = x - x / p, e = p ** p, f = where(m, x, x), g = stack([x, x], axis = 0), h = x @ x.T, k = mse_loss(x, sin(x)))
}`,
    sizes: fixedSizes,
  },
  {
    name: 'attention of a tensor to itself',
    source: `
model M(x: Tensor[N, 2, T, 4]) -> (y: Tensor[N, 2, T, 4], z: Tensor[N, 2, T, 4]) {
  return (y = attention(x, x, x), z = attention(x, x, x, causal = true))
}`,
    sizes: [
      { N: 1, T: 1 },
      { N: 2, T: 3 },
    ],
  },
  {
    name: 'a convolution of a tensor with itself',
    source: 'model M(x: Tensor[2, 2, 3]) -> (y: Tensor[2, 2, 3]) { return conv1d(x, x, padding = 1) }',
    sizes: fixedSizes,
  },
  {
    name: 'slices that overlap, that leave gaps, and that go backward',
    source: `
model M(x: Tensor[N, 7]) -> (a: Tensor[N, 4], b: Tensor[N, 4], c: Tensor[N, 2], d: Tensor[N, 3], e: Tensor[N, 7]) {
  return (a = sin(x[:, 0..4]), b = exp(x[:, 2..6]), c = x[:, 5..] * x[:, 0..2], d = x[:, 1..7 by 2], e = flip(x, axes = [1]))
}`,
    sizes: [{ N: 1 }, { N: 3 }],
  },
  {
    name: 'slices that tile an axis, in any order, with one of no elements and one that tiles another axis',
    source: `
model M(x: Tensor[4, 6]) -> (a: Tensor[4, 2], b: Tensor[4, 3], c: Tensor[4, 1], d: Tensor[4, 0], e: Tensor[2, 6]) {
  z = tanh(x)
  w = cos(x)
  return (a = z[:, 3..5] * 2.0, b = sin(z[:, 0..3]), c = exp(z[:, 5..6]), d = z[:, 2..2], e = sin(w[0..2]) * w[2..4] + sum(w[:, 0..2]) + sum(w[:, 2..6] ** 2))
}`,
    sizes: fixedSizes,
  },
  {
    name: 'slices that tile an axis while something else reads all of it',
    source: `
model M(x: Tensor[N, 6]) -> (a: Tensor[N, 2], b: Tensor[N, 4], c: Tensor[N, 6]) {
  z = tanh(x)
  return (a = sin(z[:, 0..2]), b = exp(z[:, 2..6]), c = z * z)
}`,
    sizes: [{ N: 1 }, { N: 2 }],
  },
  {
    name: 'slices that tile an axis twice, and an axis of an open size',
    source: `
model M(x: Tensor[N, 4]) -> (a: Tensor[N, 2], b: Tensor[N, 2], c: Tensor[N, 1], d: Tensor[N, 3], e: Tensor[N - 1, 4], f: Tensor[1, 4]) where N >= 2 {
  z = tanh(x)
  return (a = sin(z[:, 0..2]), b = exp(z[:, 2..4]), c = z[:, 0..1] ** 2, d = z[:, 1..4] ** 3, e = cos(z[0..N - 1]), f = z[N - 1..N] ** 2)
}`,
    sizes: [{ N: 2 }, { N: 5 }],
  },
  {
    name: 'parts of a split of which some are not used',
    source: `
model M(x: Tensor[N, 6]) -> (a: Tensor[N, 2], b: Tensor[N, 3]) {
  (a, _, c) = split(x, sizes = [2, 1, 3], axis = 1)
  (_, d) = split(c, sizes = [1, 2], axis = 1)
  return (a = sin(a) * d, b = c * 1.5)
}`,
    sizes: [{ N: 1 }, { N: 2 }],
  },
  {
    name: 'recurrent layers of which some results are not used',
    source: `
model M(x: Tensor[N, T, 3]) -> (y: Tensor[N, T, 4], h: Tensor[N, 4]) {
  (y, _, _) = x -> a: LSTM(4)
  (_, h) = x -> b: GRU(4)
  return (y, h = squeeze(h, axes = 0))
}`,
    sizes: [
      { N: 1, T: 1 },
      { N: 2, T: 4 },
    ],
  },
  {
    name: 'tensors of no rows',
    source: `
model M(x: Tensor[N, 3]) -> (y: Tensor[N, 4], s: Tensor[], z: Tensor[N + 2, 3]) where N >= 0 {
  param w: Tensor[2, 3] = normal()
  y = x -> fc: Linear(4) -> softmax(axis = 1)
  z = concat(x * w[0], w, axis = 0)
  return (y = layer_norm(y), s = sum(exp(x)) + sum(w * w), z = z -> gelu)
}`,
    sizes: [{ N: 0 }, { N: 1 }, { N: 3 }],
  },
  {
    name: 'pooling of batches that may be empty',
    source: `
model M(x: Tensor[N, 2, 6]) -> (a: Tensor[A, 2, 3], b: Tensor[B, 2, 5], s: Tensor[N, 2, 6]) {
  part = x[0..N // 2]
  return (a = avg_pool1d(part, 2), b = max_pool1d(part, 2, 1), s = x * x)
}`,
    sizes: [{ N: 1 }, { N: 2 }, { N: 5 }],
  },
  {
    name: 'axes of an open size that turns out to be 1 in operators that broadcast',
    source: `
model M(x: Tensor[N, T, 3], b: Tensor[N, 1, 3], c: Tensor[T, 1], d: Tensor[N|1, T, 3], e: Tensor[]) -> (y: Tensor[N, T, 3], z: Tensor[N, T, 3]) {
  return (y = (x * b + c) * d + e, z = where(x > 0.0, b, c) * maximum(d, x))
}`,
    sizes: [
      { N: 1, T: 1 },
      { N: 1, T: 3 },
      { N: 3, T: 1 },
      { N: 2, T: 4 },
    ],
  },
  {
    name: 'places that are read several times',
    source: `
model M(x: Tensor[3, 4], ids: Tensor<i64>[N]) -> (a: Tensor[N, 4], b: Tensor[3, 4]) {
  return (a = sin(gather(x, ids, axis = 0)) * embedding(x, ids), b = scatter_nd(x, unsqueeze(ids, axes = 1), gather(x, ids, axis = 0) * 2.0, reduction = "add"))
}`,
    sizes: [{ N: 1 }, { N: 7 }],
  },
  {
    name: 'outputs that are inputs, one value several times, and numbers',
    source: `
model M(x: Tensor[3], y: Tensor[3]) -> (a: Tensor[3], b: Tensor[3], c: Tensor[3], d: Tensor[3], e: Tensor[3]) {
  z = x * sin(x)
  return (a = x, b = z * y, c = z, d = ones([3]), e = x)
}`,
    sizes: fixedSizes,
  },
  {
    name: 'deviations of equal numbers, as PyTorch has it',
    source: `
model M(x: Tensor[N, T]) -> (y: Tensor[N], z: Tensor[N], s: Tensor[N]) {
  return (y = std(x, axis = 1, unbiased = false), z = norm(x - mean(x, axis = 1, keep = true), axis = 1), s = sum(x * x, axis = 1))
}`,
    sizes: [
      { N: 3, T: 1 },
      { N: 2, T: 4 },
    ],
  },
  {
    name: 'images of open sides that are resized',
    source: `
model M(x: Tensor[N, 2, H, W]) -> (a: Tensor[N, 2, 5, N], b: Tensor[N, 2, A, B], c: Tensor[N, 2, C, D], d: Tensor[N, 2, 3, 2 * N]) where H >= 2, W >= 2 {
  return (
    a = interpolate(x, size = [5, N]),
    b = interpolate(x, scale = [1.5, 0.5], mode = "linear"),
    c = interpolate(x, scale = 1.5, mode = "cubic"),
    d = interpolate(x, size = [3, 2 * N], mode = "linear", align_corners = true)
  )
}`,
    sizes: [
      { N: 1, H: 2, W: 2 },
      { N: 2, H: 3, W: 4 },
      { N: 3, H: 7, W: 3 },
    ],
  },
];
