import type { CallExpr } from '../../1-syntax/ast.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Context } from '../context.js';
import { sourceOf } from './source.js';
import { asOperand, type Receiver, type Written, writtenCall } from './written-call.js';

/**
 * Equivalents for names of PyTorch (its functions, methods of its tensors, and layers without weights) that archc does not have; `x` is the
 * tensor. A name that differs only in spelling, such as `MaxPool2d`, needs no entry.
 */
const otherNames: Readonly<Record<string, string>> = {
  // functions
  batched_nms: 'nms(boxes + unsqueeze(cast(ids, f32) * WIDTH, 1), scores, THRESHOLD)',
  // methods
  bool: 'x != 0',
  byte: 'cast(x, u8)',
  char: 'cast(x, i8)',
  clone: 'x',
  contiguous: 'x',
  cpu: 'x',
  cuda: 'x',
  data: 'x',
  detach: 'stop_gradient(x)',
  double: 'cast(x, f64)',
  expand_as: 'expand(x, [SIZES])',
  float: 'cast(x, f32)',
  half: 'cast(x, f16)',
  bfloat16: 'cast(x, bf16)',
  int: 'cast(x, i32)',
  item: 'x',
  long: 'cast(x, i64)',
  mT: 'x.T',
  numpy: 'x',
  reshape_as: 'reshape(x, [SIZES])',
  short: 'cast(x, i16)',
  t: 'x.T',
  type_as: 'cast(x, DTYPE)',
  view_as: 'reshape(x, [SIZES])',
  // metrics of torchmetrics
  f1_score: 'f1(x, labels)',
  mean_absolute_error: 'mae(x, target)',
  mean_squared_error: 'mse_loss(x, target)',
  r2_score: 'r2(x, target)',
  // layers without weights
  BCELoss: 'bce_loss(x, target)',
  BCEWithLogitsLoss: 'bce_with_logits(x, target)',
  CrossEntropyLoss: 'cross_entropy(x, labels)',
  Identity: 'x',
  KLDivLoss: 'kl_div(x, target)',
  TripletMarginLoss: 'triplet_loss(x, positive, negative)',
};

/** Names of PyTorch for operators that have another name here, and the same arguments or those that `functions` lists. */
const renamed: Readonly<Record<string, string>> = {
  absolute: 'abs',
  arccos: 'acos',
  arcsin: 'asin',
  arctan: 'atan',
  broadcast_to: 'expand',
  concatenate: 'concat',
  divide: 'div',
  empty: 'zeros',
  empty_like: 'zeros_like',
  expit: 'sigmoid',
  multiply: 'mul',
  negative: 'neg',
  scaled_dot_product_attention: 'attention',
  sgn: 'sign',
  subtract: 'sub',
  swapaxes: 'transpose',
  swapdims: 'transpose',
  upsample: 'interpolate',
  Upsample: 'interpolate',
  UpsamplingNearest2d: 'interpolate',
  vector_norm: 'norm',
};

/** The operator that a name of PyTorch means; the name itself if there is no other. */
export function operatorName(name: string): string {
  return Object.hasOwn(renamed, name) ? (renamed[name] ?? name) : name;
}

/** Names of PyTorch that have no counterpart, and what to do. */
const absent: Readonly<Record<string, string>> = {
  backward: 'gradients belong to a `train` block',
  bernoulli: 'random choices belong to the host, except for `dropout`',
  bincount: 'count with `sum(one_hot(x, COUNT), axis = 0)`',
  cumprod: 'of positive numbers it is `exp(cumsum(log(x), axis = AXIS))`',
  det: 'there is no determinant',
  device: 'leave it out: the host chooses the device',
  diag: 'the diagonal of a square matrix is `sum(x * eye(SIZE), axis = -1)`',
  diagonal: 'the diagonal of a square matrix is `sum(x * eye(SIZE), axis = -1)`',
  dtype: 'an element type is known where a tensor is declared: `Tensor<f16>[N]`, or `float_type` for that of the build',
  finfo: 'the limits of a type are `lowest(float_type)` and `highest(float_type)`',
  grad: 'gradients belong to a `train` block',
  ReflectionPad2d: 'write `pad([1, 1, 1, 1], axes = [2, 3], mode = "reflect")`: the sizes before both axes, then those after them',
  ReplicationPad2d: 'write `pad([1, 1, 1, 1], axes = [2, 3], mode = "edge")`: the sizes before both axes, then those after them',
  ZeroPad2d: 'write `pad([1, 1, 1, 1], axes = [2, 3])`: the sizes before both axes, then those after them',
  meshgrid: 'tensors are stretched where they are combined: `unsqueeze(x, 1)` and `unsqueeze(y, 0)`',
  inverse: 'there is no inverse of matrices',
  kthvalue: 'the smallest ones are `topk(x, K, largest = false)`',
  median: 'sorted elements are `topk(x, SIZE, largest = false)`',
  multinomial: 'random choices belong to the host, except for `dropout`',
  numel: 'sizes have names, which can be used as numbers: `Tensor[N, T]` makes `N * T` the number of elements',
  new_full: 'write `full([SIZES], VALUE)`',
  new_ones: 'write `ones([SIZES])`',
  new_zeros: 'write `zeros([SIZES])`',
  rand: 'random numbers are inputs of a model, or initial values of its parameters',
  randn: 'random numbers are inputs of a model, or initial values of its parameters',
  rand_like: 'random numbers are inputs of a model, or initial values of its parameters',
  randn_like: 'random numbers are inputs of a model, or initial values of its parameters',
  randint: 'random numbers are inputs of a model, or initial values of its parameters',
  tensor: 'numbers combine with tensors as they are, `x * 2`; stored ones are `buffer mean: Tensor[2] = [0.45, 0.4]`',
  requires_grad: 'gradients belong to a `train` block',
  tolist: 'elements of a tensor are known only at run time',
  trace: 'the trace of a square matrix is `sum(x * eye(SIZE))`',
  unflatten: 'an axis is split by `rearrange(x, [N, 2 * d] => [N, 2, d])`, or by `reshape`',
  unbind: 'take the parts one by one: `x[:, 0]`, `x[:, 1]`',
};

/** What to do about a name of PyTorch that has no counterpart here. */
export function absentHelp(name: string): string | undefined {
  return Object.hasOwn(absent, name) ? absent[name] : undefined;
}

/** The candidates that differ from a name of PyTorch only in case and underscores; a similar one is more likely to be another function. */
export function sameLetters(name: string, candidates: Iterable<string>): readonly string[] {
  const letters = (text: string) => text.replaceAll('_', '').toLowerCase();
  return suggest(name, candidates).filter((candidate) => letters(candidate) === letters(name));
}

/**
 * What to write for a PyTorch name that archc does not have: `call` is the call of it, `receiver` what a method is called on.
 */
export function instead(cx: Context, name: string, call: CallExpr | undefined, receiver?: Receiver): Written | undefined {
  const written = writtenCall(name, call, receiver, ({ span }) => sourceOf(cx, span));
  const text = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
  if (written !== undefined || text === undefined) return written;
  const tensor = receiver?.text ?? 'x';
  const inserted = /^x\W/.test(text) ? asOperand(tensor) : tensor;
  const isComplete = receiver !== undefined && !/\b[A-Z]{3,}\b/.test(text);
  return { text: text.replace(/\bx\b/g, () => inserted), isComplete };
}
