import type { Dim } from '../../dims/dim.js';
import { bool, float, optionalAttr } from '../attrs.js';
import type { Builder } from '../builder.js';
import { composite, optional } from '../define.js';
import { lowestFinite } from '../float-limits.js';
import { ndArray } from '../nd/array.js';
import { nth, only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import type { Rule } from '../rule.js';
import { bools, exactly, floats32 } from '../sample.js';
import { product } from '../sizes.js';
import type { DType, Shape, TensorType } from '../types.js';

export const attention = composite({
  name: 'attention',
  family: 'attention',
  doc: {
    summary: 'Softmax of scaled products of queries with keys, applied to values; several query heads may share one key head.',
    example: 'attention(q, k, v, causal = true)',
    source:
      'Vaswani et al. 2017, torch.nn.functional.scaled_dot_product_attention, ONNX Attention. ' +
      'A query that may attend to nothing takes the mean of all values, where PyTorch gives 0',
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
  },
  outputs: ['y'],
  infer: (rule, { q, k, v, mask }) => {
    demandHeads(rule, q, k, v);
    const [batch, heads, queries] = [nth(q.shape, 0), nth(q.shape, 1), nth(q.shape, 2)];
    if (mask !== undefined) demandMask(rule, q, mask, [batch, heads, queries, nth(k.shape, 2)]);
    return [{ dtype: q.dtype, shape: [batch, heads, queries, nth(v.shape, 3)] }];
  },
  // Two products of matrices; scaling, exponential, sum and quotient of the scores.
  flops: ({ q, k, v, mask }, { causal }) => {
    const scores = product(q.shape.slice(0, 3)).mul(nth(k.shape, 2));
    const widths = nth(q.shape, 3).add(nth(v.shape, 3)).mul(2);
    return scores.mul(widths.add(4 + (mask === undefined ? 0 : 1) + (causal ? 1 : 0)));
  },
  lower: (g, { q, k, v, mask }, { causal, scale }) => {
    const [heads, shared] = [nth(g.shape(q), 1), nth(g.shape(k), 1)];
    const scaled = scale === undefined ? scaledByWidth(g, q) : g.scale(q, scale);
    const scores = masked(g, productPerGroup(g, scaled, g.swap(k), heads, shared), mask, causal);
    return [productPerGroup(g, g.softmax(scores, -1), v, heads, shared)];
  },
  // Attention is ONNX Runtime's fastest form on the CPU, and has no WebGPU kernel.
  fused: (g, { q, k, v, mask }, { causal, scale }, y) => {
    if (g.opset < 23 || (g.target !== 'cpu' && g.target !== 'cuda')) return undefined;
    const nodeAttrs = { is_causal: { int: causal ? 1 : 0 }, scale: scale === undefined ? undefined : { float: scale } };
    const added = mask === undefined ? undefined : addedMask(g, mask, [nth(g.type(q).shape, 2), nth(g.type(k).shape, 2)], g.type(q).dtype);
    return g.node('Attention', [q, k, v, added], nodeAttrs, [only(y)]);
  },
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
      attrs: { causal: true },
    },
    // Nothing to attend to for the second query.
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

function demandHeads(rule: Rule, q: TensorType, k: TensorType, v: TensorType): void {
  rule.dtype('q', q, 'float');
  rule.rank('q', q, 4, '[N, h, T, d]');
  rule.rank('k', k, 4, '[N, hk, S, d]');
  rule.rank('v', v, 4, '[N, hk, S, e]');
  rule.sameDtype('q', q, 'k', k);
  rule.sameDtype('q', q, 'v', v);
  const same = (name: string, got: TensorType, wanted: TensorType, axis: number, what: string, other: string) => {
    const [left, right] = [nth(got.shape, axis), nth(wanted.shape, axis)];
    rule.equal(left, right, () => ({
      message: `attention wants \`${name}\` to have the ${what} of \`${other}\`, ${right}, but it has ${left}`,
      input: name,
      wanted: got.shape.map((size, i) => String(i === axis ? right : size)),
      got: got.shape.map(String),
    }));
  };
  same('k', k, q, 0, 'batch size', 'q');
  same('v', v, q, 0, 'batch size', 'q');
  same('k', k, q, 3, 'head width', 'q');
  same('v', v, k, 1, 'number of heads', 'k');
  same('v', v, k, 2, 'length', 'k');
  const [heads, shared] = [nth(q.shape, 1), nth(k.shape, 1)];
  rule.divides(shared, heads, () => ({
    message: `${heads} query heads cannot share ${shared} key heads evenly`,
    input: 'k',
    wanted: k.shape.map((size, i) => (i === 1 ? `a divisor of ${heads}` : String(size))),
    got: k.shape.map(String),
  }));
}

function demandMask(rule: Rule, q: TensorType, mask: TensorType, scores: Shape): void {
  rule.dtype('mask', mask, ['bool', q.dtype]);
  rule.rank('mask', mask, { min: 0, max: 4 }, '[N, h, T, S]');
  const shift = 4 - mask.shape.length;
  for (const [i, got] of mask.shape.entries()) {
    const wanted = nth(scores, i + shift);
    if (got.constant === 1) continue;
    rule.equal(got, wanted, () => ({
      message: `attention has scores ${`[${scores.join(', ')}]`}, to which \`mask\` does not stretch`,
      input: 'mask',
      wanted: scores.map(String),
      got: mask.shape.map(String),
      help: 'an axis of the mask is as long as that of the scores, or 1',
    }));
  }
}

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

/** Scores with the lowest finite number where a query must not look: minus infinity would make rows without any key NaN. */
function masked<V>(g: Builder<V>, scores: V, mask: V | undefined, causal: boolean): V {
  const isBool = mask !== undefined && g.type(mask).dtype === 'bool';
  const shifted = mask === undefined || isBool ? scores : g.add(scores, mask);
  const conditions = [...(isBool ? [mask] : []), ...(causal ? [causalMask(g, scores)] : [])];
  if (conditions.length === 0) return shifted;
  const allowed = conditions.reduce((a, b) => g.and(a, b));
  return g.where(allowed, shifted, g.scalar(lowestFinite(g.type(scores).dtype), scores));
}

/**
 * The mask as ONNX Runtime's Attention takes it: as long as the scores on the last two axes, and as numbers to add. Rows without any key
 * would be 0 with a boolean mask or the lowest number, not the mean.
 */
function addedMask<V>(g: OnnxBuilder<V>, mask: V, [queries, keys]: readonly [Dim, Dim], dtype: DType): V {
  const type = g.type(mask);
  const shape = [...type.shape.slice(0, -2), queries, keys];
  const [low, zero] = [g.scalar(lowestFinite(dtype) / 2, dtype), g.scalar(0, dtype)];
  const added = type.dtype === 'bool' ? only(g.node('Where', [mask, zero, low], {}, [{ dtype, shape: type.shape }])) : mask;
  const isFull = type.shape.length >= 2 && type.shape.slice(-2).every((size, i) => size.equals(i === 0 ? queries : keys));
  return isFull ? added : only(g.node('Expand', [added, g.dims(shape)], {}, [{ dtype, shape }]));
}

/** `[T, S]`, true where the key is not behind the query. */
function causalMask<V>(g: Builder<V>, scores: V): V {
  const [queries, keys] = [nth(g.shape(scores), 2), nth(g.shape(scores), 3)];
  if (queries.constant === undefined || keys.constant === undefined) {
    return g.lessEqual(g.unsqueeze(positions(g, keys), [0]), g.unsqueeze(positions(g, queries), [1]));
  }
  const mask = ndArray('bool', [queries.constant, keys.constant]);
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = i % keys.constant <= Math.floor(i / keys.constant) ? 1 : 0;
  return g.constant(mask);
}

/** 0, 1, .. up to a size that is known at run time only; int32, which WebGPU can compute. */
function positions<V>(g: Builder<V>, size: Dim): V {
  return g.op('range', [], { end: size, dtype: 'i32' });
}
