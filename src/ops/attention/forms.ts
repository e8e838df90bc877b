import type { Dim } from '../../dims/dim.js';
import type { Builder } from '../builder.js';
import { isPortable } from '../capabilities/capability.js';
import { lowestFinite, machineEpsilon } from '../float-limits.js';
import { nth, only } from '../only.js';
import type { OnnxBuilder, OnnxTarget } from '../onnx-builder.js';
import { concrete, isKnown } from '../sizes.js';
import { bitsOf, type TensorType } from '../types.js';
import { additive, attentionMask, stretched, zeroRows } from './mask.js';

interface Inputs<V> {
  readonly q: V;
  readonly k: V;
  readonly v: V;
  readonly mask: V | undefined;
}

interface Options {
  readonly causal: boolean;
  readonly scale: number | undefined;
}

/** The fastest form on the CPU, where an encoder of four layers needs 2 to 15 % less time than with the definition. */
export const standardAttention = {
  name: 'ONNX Attention',
  // The kernel accepts positive scales only, and adds float masks in the element type; see `softmaxOf`.
  fits: ({ target, opset }: OnnxTarget, { q, mask }: Inputs<TensorType>, { scale }: Options): boolean =>
    opset >= 23 && isPortable(target, 'Attention') && isPositive(scale) && isAddedExactly(q, mask),
  onnx: <V>(
    g: OnnxBuilder<V>,
    { q, k, v, mask: given }: Inputs<V>,
    { causal, scale }: Options,
    y: readonly TensorType[],
    operators: Builder<V>,
  ): readonly V[] => {
    const [queries, keys] = [nth(g.type(q).shape, 2), nth(g.type(k).shape, 2)];
    // Without a mask, the kernel itself handles `causal`.
    const own = given !== undefined;
    const { mask, empty } = own ? attentionMask(operators, given, { causal, queries, keys }) : { mask: undefined, empty: undefined };
    const added = mask === undefined ? undefined : stretched(operators, aboveLowest(operators, mask, q), [queries, keys]);
    const attrs = { is_causal: { int: causal && !own ? 1 : 0 }, scale: scale === undefined ? undefined : { float: scale } };
    return [zeroRows(operators, only(g.node('Attention', [q, k, v, added], attrs, y)), empty)];
  },
};

/**
 * One kernel on GPUs, where the standard operator has none (WebGPU) and ONNX Runtime finds no attention in its definition: an encoder of two layers is 20 kernels in place of 48.
 * It takes the heads side by side, `[N, T, h*d]`, so that the transposes around an attention cancel against those that are written here. Not on the CPU: slower there than
 * the definition at 128 positions.
 */
export const multiHeadAttention = {
  name: 'com.microsoft.MultiHeadAttention',
  targets: ['webgpu', 'cuda'] as const,
  // GroupQueryAttention, which has fewer heads for keys, computes with a cache only; the definition does not repeat keys either. A scale of 0 means the default.
  fits: (_on: OnnxTarget, { q, k, mask }: Inputs<TensorType>, { scale }: Options): boolean => {
    const heads = nth(q.shape, 1);
    return isKnown([heads]) && heads.equals(nth(k.shape, 1)) && q.dtype !== 'f64' && isPositive(scale) && isAddedExactly(q, mask);
  },
  onnx: <V>(
    g: OnnxBuilder<V>,
    { q, k, v, mask: given }: Inputs<V>,
    { causal, scale }: Options,
    _y: readonly TensorType[],
    operators: Builder<V>,
  ): readonly V[] => {
    const [batch, heads, queries, width] = [0, 1, 2, 3].map((axis) => nth(g.type(axis < 3 ? q : v).shape, axis)) as [Dim, Dim, Dim, Dim];
    const keys = nth(g.type(k).shape, 2);
    // The flag of the kernel lets the last query attend to the last key; `causal` lets the first one attend to the first.
    const isUnidirectional = causal && given === undefined && queries.equals(keys);
    const { mask, empty } = attentionMask(operators, given, { causal: causal && !isUnidirectional, queries, keys });
    // WebGPU has no `key_padding_mask`: it fails at run time.
    const added = mask === undefined ? undefined : atRank4(operators, stretched(operators, additive(operators, mask, q), [queries, keys]));
    const attrs = {
      num_heads: { int: concrete(heads) },
      scale: scale === undefined ? undefined : { float: scale },
      unidirectional: isUnidirectional ? { int: 1 } : undefined,
    };
    const type = { dtype: g.type(q).dtype, shape: [batch, queries, heads.mul(width)] };
    const parts = [q, k, v].map((part) => sideBySide(operators, part));
    const joined = only(g.node('MultiHeadAttention', [...parts, null, null, added], attrs, [type], 'com.microsoft'));
    const split = (rows: V): V => operators.transpose(operators.reshape(rows, [batch, queries, heads, width]), [0, 2, 1, 3]);
    const shared = empty === undefined ? undefined : withoutHeads(operators, empty);
    // Zeros are written before the heads are taken apart, if they are the same for all of them: the transposes can then cancel.
    if (empty === undefined || shared !== undefined) return [split(zeroRows(operators, joined, shared))];
    return [zeroRows(operators, split(joined), empty)];
  },
};

function isPositive(scale: number | undefined): boolean {
  return scale === undefined || scale > 0;
}

/** Whether the sum of scores and mask in the element type is exact enough; see `softmaxOf`. */
function isAddedExactly(q: TensorType, mask: TensorType | undefined): boolean {
  return bitsOf[q.dtype] >= 32 || mask?.dtype !== q.dtype;
}

/** A mask as numbers to add, of which the lowest would count as minus infinity in the kernel of the CPU. */
function aboveLowest<V>(g: Builder<V>, mask: V, like: V): V {
  const { dtype } = g.type(like);
  if (g.type(mask).dtype === 'bool') return additive(g, mask, like);
  const lowest = lowestFinite(dtype);
  return g.where(g.equal(mask, g.scalar(lowest, dtype)), g.scalar(lowest * (1 - machineEpsilon(dtype) / 2), dtype), mask);
}

/** `[N, h, T, d]` to `[N, T, h*d]`. */
function sideBySide<V>(g: Builder<V>, x: V): V {
  const [batch, heads, rows, width] = g.shape(x) as [Dim, Dim, Dim, Dim];
  return g.reshape(g.transpose(x, [0, 2, 1, 3]), [batch, rows, heads.mul(width)]);
}

function atRank4<V>(g: Builder<V>, mask: V): V {
  const missing = 4 - g.rank(mask);
  return missing === 0 ? mask : g.unsqueeze(mask, [...Array(missing).keys()]);
}

/** Rows `[N, h, T, 1]` that are the same for all heads, as `[N, T, 1]`; undefined if they are not. */
function withoutHeads<V>(g: Builder<V>, rows: V): V | undefined {
  const axis = g.rank(rows) - 3;
  if (axis < 0) return rows;
  return g.shape(rows)[axis]?.constant === 1 ? g.squeeze(rows, [axis]) : undefined;
}
