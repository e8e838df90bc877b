/**
 * What stands for names of PyTorch, of its functions, of methods of its tensors and of layers without weights, that archc does not have; `x` is the
 * tensor. A name that differs in spelling only, such as `MaxPool2d`, needs no entry.
 */
export const otherNames: Readonly<Record<string, string>> = {
  // functions
  amax: 'max(x, axis = 1)',
  amin: 'min(x, axis = 1)',
  arange: 'range(5)',
  binary_cross_entropy: 'bce_loss(x, target)',
  binary_cross_entropy_with_logits: 'bce_with_logits(x, target)',
  bmm: 'x @ y',
  mm: 'x @ y',
  cat: 'concat(x, y, axis = 1)',
  chunk: 'split(x, parts = 2, axis = 1)',
  clamp: 'clip(x, 0, 6)',
  equal: 'x == y',
  fmod: 'x % y',
  remainder: 'x % y',
  floor_divide: 'x // y',
  true_divide: 'x / y',
  index_select: 'gather(x, ids, axis = 1)',
  linspace: 'range(5, dtype = f32) / 4',
  masked_fill: 'where(mask, -inf, x)',
  normalize: 'x / clip(norm(x, axis = 1, keep = true), min = 1e-12)',
  permute: 'transpose(x, [0, 2, 1])',
  scaled_dot_product_attention: 'attention(q, k, v, mask)',
  scatter: 'scatter_elements(x, ids, y, axis = 1)',
  select: 'x[:, 0]',
  narrow: 'x[:, 0..2]',
  swapaxes: 'transpose(x, [0, 2, 1])',
  upsample: 'interpolate(x, scale = 2.0)',
  // methods
  bool: 'x != 0',
  byte: 'cast(x, u8)',
  contiguous: 'x',
  cpu: 'x',
  cuda: 'x',
  detach: 'x',
  dot: 'x @ y',
  double: 'cast(x, f64)',
  expand_as: 'expand(x, [N, D])',
  float: 'cast(x, f32)',
  half: 'cast(x, f16)',
  bfloat16: 'cast(x, bf16)',
  int: 'cast(x, i32)',
  long: 'cast(x, i64)',
  mT: 'x.T',
  repeat: 'tile(x, [2, 1])',
  t: 'x.T',
  to: 'cast(x, f16)',
  type: 'cast(x, f16)',
  type_as: 'cast(x, f16)',
  view: 'reshape(x, [N, -1])',
  view_as: 'reshape(x, [N, -1])',
  // layers without weights
  AdaptiveAvgPool1d: 'x -> adaptive_avg_pool1d(1)',
  AdaptiveAvgPool2d: 'x -> adaptive_avg_pool2d(1)',
  AdaptiveMaxPool2d: 'x -> adaptive_max_pool2d(1)',
  BCELoss: 'bce_loss(x, target)',
  BCEWithLogitsLoss: 'bce_with_logits(x, target)',
  CrossEntropyLoss: 'cross_entropy(x, labels)',
  Identity: 'x',
  KLDivLoss: 'kl_div(x, target)',
  LeakyReLU: 'x -> leaky_relu(0.1)',
  LogSoftmax: 'x -> log_softmax(1)',
  Softmax: 'x -> softmax(1)',
  Upsample: 'x -> interpolate(scale = 2.0)',
  UpsamplingNearest2d: 'x -> interpolate(scale = 2.0)',
};

/** What is written for a name of PyTorch that archc does not have. */
export function instead(name: string, tensor = 'x'): string | undefined {
  const text = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
  return text?.replace(/\bx\b/g, () => tensor);
}
