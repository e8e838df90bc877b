import type { Dim } from '../../dims/dim.js';
import { bool, float, optionalAttr } from '../attrs.js';
import type { Builder } from '../builder.js';
import { composite, optional } from '../define.js';
import { nth } from '../only.js';
import { demandProbability } from '../option-bounds.js';
import { bools, exactly, floats32 } from '../sample.js';
import { product } from '../sizes.js';
import { bitsOf } from '../types.js';
import { demandHeads, demandMask } from './demands.js';
import { multiHeadAttention, standardAttention } from './forms.js';
import { attentionMask, minusInfinity, zeroRows } from './mask.js';

export const attention = composite({
  name: 'attention',
  family: 'attention',
  doc: {
    summary: 'Softmax of scaled products of queries with keys, applied to values; several query heads may share one key head.',
    example: 'attention(q, k, v, causal = true)',
    source:
      'Vaswani et al. 2017, torch.nn.functional.scaled_dot_product_attention, ONNX Attention. ' +
      'The result of a query that may attend to no key (none is true, or all are -inf, once `causal` is applied) is 0',
  },
  inputs: {
    q: 'queries: `[N, h, T, d]`',
    k: 'keys: `[N, hk, S, d]`, where h is a multiple of hk',
    v: 'values: `[N, hk, S, e]`',
    mask: optional('`bool[N|1, h|1, T|1, S]`, true where a query may attend to a key; or floats that are added to the products'),
  },
  attrs: {
    causal: bool('query i attends to keys 0 to i only (counted from the first key, also if T and S differ)', false),
    scale: optionalAttr(float('factor of the products; 1/sqrt(d) if left out')),
    dropout: float('probability that a weight of the softmax is set to zero while training', 0),
  },
  outputs: ['y'],
  infer: (rule, { q, k, v, mask }, { dropout }) => {
    demandProbability(rule, 'dropout', dropout);
    demandHeads(rule, q, k, v);
    const [batch, heads, queries] = [nth(q.shape, 0), nth(q.shape, 1), nth(q.shape, 2)];
    if (mask !== undefined) demandMask(rule, q, mask, [batch, heads, queries, nth(k.shape, 2)]);
    return [{ dtype: q.dtype, shape: [batch, heads, queries, nth(v.shape, 3)] }];
  },
  // Two matrix products, and scaling, exponential, sum and quotient of the scores.
  flops: ({ q, k, v, mask }, { causal }) => {
    const scores = product(q.shape.slice(0, 3)).mul(nth(k.shape, 2));
    const widths = nth(q.shape, 3).add(nth(v.shape, 3)).mul(2);
    return scores.mul(widths.add(4 + (mask === undefined ? 0 : 1) + (causal ? 1 : 0)));
  },
  lower: (g, { q, k, v, mask: given }, { causal, scale, dropout }) => {
    const [heads, shared] = [nth(g.shape(q), 1), nth(g.shape(k), 1)];
    const { mask, empty } = attentionMask(g, given, { causal, queries: nth(g.shape(q), 2), keys: nth(g.shape(k), 2) });
    const scaled = scale === undefined ? scaledByWidth(g, q) : g.scale(q, scale);
    const probabilities = softmaxOf(g, productPerGroup(g, scaled, g.swap(k), heads, shared), mask);
    const kept = dropout === 0 ? probabilities : g.op('dropout', [probabilities], { p: dropout });
    return [zeroRows(g, productPerGroup(g, kept, v, heads, shared), empty)];
  },
  forms: [multiHeadAttention, standardAttention],
  grad: 'by-lowering',
  samples: [
    { inputs: { q: floats32([2, 3, 4, 5]), k: floats32([2, 3, 6, 5]), v: floats32([2, 3, 6, 7]) } },
    { inputs: { q: floats32([2, 2, 4, 4]), k: floats32([2, 2, 4, 4]), v: floats32([2, 2, 4, 4]) }, attrs: { causal: true } },
    { inputs: { q: floats32([1, 2, 3, 4]), k: floats32([1, 2, 5, 4]), v: floats32([1, 2, 5, 4]) }, attrs: { causal: true, scale: 0.3 } },
    // Six query heads share two key heads.
    { inputs: { q: floats32([2, 6, 3, 4]), k: floats32([2, 2, 5, 4]), v: floats32([2, 2, 5, 4]), mask: floats32([2, 1, 3, 5]) } },
    {
      inputs: {
        q: floats32([2, 4, 3, 4]),
        k: floats32([2, 1, 3, 4]),
        v: floats32([2, 1, 3, 4]),
        mask: exactly('bool', [2, 1, 1, 3], [1, 1, 0, 1, 0, 1]),
      },
      attrs: { causal: true, dropout: 0.1 },
    },
    // The second query has nothing to attend to: because of booleans, of floats, and only because `causal` is also applied.
    {
      inputs: {
        q: floats32([1, 1, 2, 4]),
        k: floats32([1, 1, 3, 4]),
        v: floats32([1, 1, 3, 4]),
        mask: exactly('f32', [2, 3], [0, -Infinity, 0.5, -Infinity, -Infinity, -Infinity]),
      },
    },
    {
      inputs: {
        q: floats32([2, 2, 2, 4]),
        k: floats32([2, 1, 3, 4]),
        v: floats32([2, 1, 3, 4]),
        mask: exactly('bool', [2, 1, 1, 3], [0, 1, 1, 1, 0, 0]),
      },
      attrs: { causal: true },
    },
    {
      inputs: {
        q: floats32([1, 2, 3, 4]),
        k: floats32([1, 2, 3, 4]),
        v: floats32([1, 2, 3, 4]),
        mask: exactly('f32', [3], [-Infinity, -Infinity, 0.5]),
      },
      attrs: { causal: true },
    },
    // Low but finite masks leave the query its keys.
    {
      inputs: {
        q: floats32([1, 1, 2, 4]),
        k: floats32([1, 1, 3, 4]),
        v: floats32([1, 1, 3, 4]),
        mask: exactly('f32', [2, 3], [-50, -50, -Infinity, -50, 0, -50]),
      },
    },
    { inputs: { q: floats32([1, 1, 2, 4]), k: floats32([1, 1, 3, 4]), v: floats32([1, 1, 3, 4]), mask: exactly('bool', [], [0]) } },
    {
      inputs: {
        q: floats32([1, 1, 2, 4]),
        k: floats32([1, 1, 3, 4]),
        v: floats32([1, 1, 3, 4]),
        mask: exactly('bool', [2, 3], [1, 0, 1, 0, 0, 0]),
      },
    },
    { inputs: { q: floats32([1, 2, 3, 4]), k: floats32([1, 2, 3, 4]), v: floats32([1, 2, 3, 4]), mask: bools([1, 2, 3, 3]) } },
  ],
});

function scaledByWidth<V>(g: Builder<V>, q: V): V {
  const width = nth(g.shape(q), 3);
  return width.constant === undefined ? g.div(q, g.sqrt(g.size(width, g.type(q).dtype))) : g.scale(q, 1 / Math.sqrt(width.constant));
}

/** `a @ b` head by head, where each head of `b` serves a run of heads of `a`: their rows are stacked, so that nothing is repeated. */
function productPerGroup<V>(g: Builder<V>, a: V, b: V, heads: Dim, shared: Dim): V {
  if (heads.equals(shared)) return g.matmul(a, b);
  const [batch, , rows, width] = [nth(g.shape(a), 0), heads, nth(g.shape(a), 2), nth(g.shape(a), 3)];
  const stacked = g.reshape(a, [batch, shared, heads.floorDiv(shared).mul(rows), width]);
  return g.reshape(g.matmul(stacked, b), [batch, heads, rows, nth(g.shape(b), 3)]);
}

/**
 * Softmax of the scores where the mask is true, or of their sum with the mask. That sum is taken in f32 as in PyTorch: half floats overflow
 * immediately with a mask of the lowest number, and with -10000 they have no precision left for the scores.
 */
function softmaxOf<V>(g: Builder<V>, scores: V, mask: V | undefined): V {
  if (mask === undefined) return g.softmax(scores, -1);
  if (g.type(mask).dtype === 'bool') return g.softmax(g.where(mask, scores, minusInfinity(g, scores)), -1);
  const { dtype } = g.type(scores);
  const wide = bitsOf[dtype] < 32 ? 'f32' : dtype;
  return g.cast(g.softmax(g.add(g.cast(scores, wide), g.cast(mask, wide)), -1), dtype);
}
