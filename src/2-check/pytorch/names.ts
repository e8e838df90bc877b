import type { CallExpr } from '../../1-syntax/ast.js';
import type { Context } from '../context.js';
import { writtenCall } from './calls.js';
import { sourceOf } from './source.js';

/**
 * Equivalents for names of PyTorch (its functions, methods of its tensors, and layers without weights) that archc does not have; `x` is the
 * tensor. A name that differs only in spelling, such as `MaxPool2d`, needs no entry.
 */
export const otherNames: Readonly<Record<string, string>> = {
  // functions
  batched_nms: 'nms(boxes + unsqueeze(cast(ids, f32) * WIDTH, 1), scores, THRESHOLD)',
  linspace: 'START + STEP * range(STEPS, dtype = f32)',
  scaled_dot_product_attention: 'attention(q, k, v, mask)',
  select: 'x[:, INDEX]',
  narrow: 'x[:, START..END]',
  swapaxes: 'transpose(x, [ORDER])',
  upsample: 'interpolate(x, scale = FACTOR)',
  // methods
  bool: 'x != 0',
  byte: 'cast(x, u8)',
  contiguous: 'x',
  cpu: 'x',
  cuda: 'x',
  detach: 'x',
  dot: 'x @ y',
  double: 'cast(x, f64)',
  expand_as: 'expand(x, [SIZES])',
  float: 'cast(x, f32)',
  half: 'cast(x, f16)',
  bfloat16: 'cast(x, bf16)',
  int: 'cast(x, i32)',
  long: 'cast(x, i64)',
  mT: 'x.T',
  t: 'x.T',
  to: 'cast(x, DTYPE)',
  type: 'cast(x, DTYPE)',
  type_as: 'cast(x, DTYPE)',
  view_as: 'reshape(x, [SIZES])',
  // layers without weights
  AdaptiveAvgPool1d: 'x -> adaptive_avg_pool1d(1)',
  AdaptiveAvgPool2d: 'x -> adaptive_avg_pool2d(1)',
  AdaptiveMaxPool2d: 'x -> adaptive_max_pool2d(1)',
  BCELoss: 'bce_loss(x, target)',
  BCEWithLogitsLoss: 'bce_with_logits(x, target)',
  CrossEntropyLoss: 'cross_entropy(x, labels)',
  Identity: 'x',
  KLDivLoss: 'kl_div(x, target)',
  LeakyReLU: 'x -> leaky_relu(SLOPE)',
  LogSoftmax: 'x -> log_softmax(AXIS)',
  Softmax: 'x -> softmax(AXIS)',
  Upsample: 'x -> interpolate(scale = 2.0)',
  UpsamplingNearest2d: 'x -> interpolate(scale = 2.0)',
};

/** What to write for a PyTorch name that archc does not have: `call` is the call of it, `tensor` what a method is called on. */
export function instead(cx: Context, name: string, call: CallExpr | undefined, tensor?: string): string | undefined {
  const written = writtenCall(name, call, tensor, ({ span }) => sourceOf(cx, span));
  const text = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
  return written ?? text?.replace(/\bx\b/g, () => tensor ?? 'x');
}
