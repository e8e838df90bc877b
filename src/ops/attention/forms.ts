import type { Dim } from '../../dims/dim.js';
import type { Builder } from '../builder.js';
import { isPortable } from '../capabilities/capability.js';
import { lowestFinite, machineEpsilon } from '../float-limits.js';
import { nth, only } from '../only.js';
import type { OnnxBuilder, OnnxTarget } from '../onnx-builder.js';
import { concrete, isKnown } from '../sizes.js';
import type { TensorType } from '../types.js';
import { areNeverEmpty, isAddedExactly, isPositive, joinedHeads, kernelMask, splitHeads, zeroJoined } from './joined.js';
import { additive, attentionMask, type Scores, stretched, zeroRows } from './mask.js';

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
  fits: ({ target, opset }: OnnxTarget, { q, k, v, mask }: Inputs<TensorType>, { scale }: Options): boolean =>
    opset >= 23 && isPortable(target, 'Attention') && isPositive(scale) && isAddedExactly(q, mask) && areNeverEmpty(q, k, v),
  onnx: <V>(
    g: OnnxBuilder<V>,
    { q, k, v, mask: given }: Inputs<V>,
    { causal, scale }: Options,
    y: readonly TensorType[],
    operators: Builder<V>,
  ): readonly V[] => {
    const [queries, keys] = [nth(g.type(q).shape, 2), nth(g.type(k).shape, 2)];
    const { added, empty, isCausal } = addedMask(operators, q, given, { causal, queries, keys });
    const attrs = { is_causal: { int: isCausal ? 1 : 0 }, scale: scale === undefined ? undefined : { float: scale } };
    return [zeroRows(operators, only(g.node('Attention', [q, k, v, added], attrs, y)), empty)];
  },
};

/**
 * One kernel on GPUs, where the standard operator has none (WebGPU) and ONNX Runtime does not recognize attention in its definition: an encoder of two layers takes 20 kernels instead of 48.
 * It takes the heads side by side, `[N, T, h*d]`, so that the transposes around an attention cancel against those that are written here. Not on the CPU, where it is slower than
 * the definition at 128 positions.
 *
 * On some adapters, the kernel of WebGPU is wrong, so it is tried there before a model is loaded: see `adapterFaults`.
 */
export const multiHeadAttention = {
  name: 'com.microsoft.MultiHeadAttention',
  targets: ['webgpu', 'cuda'] as const,
  // GroupQueryAttention, which allows fewer heads for keys, only works with a cache; the definition does not repeat keys either. A scale of 0 means the default.
  fits: (_on: OnnxTarget, { q, k, v, mask }: Inputs<TensorType>, { scale }: Options): boolean => {
    const heads = nth(q.shape, 1);
    const areHeadsEqual = isKnown([heads]) && heads.equals(nth(k.shape, 1));
    return areHeadsEqual && q.dtype !== 'f64' && isPositive(scale) && isAddedExactly(q, mask) && areNeverEmpty(q, k, v);
  },
  onnx: <V>(
    g: OnnxBuilder<V>,
    { q, k, v, mask: given }: Inputs<V>,
    { causal, scale }: Options,
    _y: readonly TensorType[],
    operators: Builder<V>,
  ): readonly V[] => {
    const [batch, heads, queries] = g.type(q).shape as [Dim, Dim, Dim];
    const [keys, width] = [nth(g.type(k).shape, 2), nth(g.type(v).shape, 3)];
    const { added, empty, isUnidirectional } = kernelMask(operators, q, given, { causal, queries, keys });
    const attrs = {
      num_heads: { int: concrete(heads) },
      scale: scale === undefined ? undefined : { float: scale },
      unidirectional: isUnidirectional ? { int: 1 } : undefined,
    };
    const type = { dtype: g.type(q).dtype, shape: [batch, queries, heads.mul(width)] };
    const parts = [q, k, v].map((part) => joinedHeads(operators, part));
    const result = only(g.node('MultiHeadAttention', [...parts, null, null, added], attrs, [type], 'com.microsoft'));
    const shape = [batch, heads, queries, width] as const;
    return [splitHeads(operators, zeroJoined(operators, result, empty, shape), shape)];
  },
};

/** How ONNX Attention is told which query may attend to which key. */
interface AddedMask<V> {
  /** `[.., T, S]`, to add to the scores. */
  readonly added: V | undefined;
  /** See `AttentionMask`. */
  readonly empty: V | undefined;
  /** Whether the kernel itself handles `causal`, which it does only without a mask. */
  readonly isCausal: boolean;
}

/** A mask in the form that ONNX Attention takes. `like` has the element type of the scores. */
export function addedMask<V>(g: Builder<V>, like: V, given: V | undefined, { causal, queries, keys }: Scores): AddedMask<V> {
  if (given === undefined) return { added: undefined, empty: undefined, isCausal: causal };
  const { mask, empty } = attentionMask(g, given, { causal, queries, keys });
  const added = mask === undefined ? undefined : stretched(g, aboveLowest(g, mask, like), [queries, keys]);
  return { added, empty, isCausal: false };
}

/** A mask as numbers to add. The lowest finite number is replaced, because the kernel of the CPU treats it as minus infinity. */
function aboveLowest<V>(g: Builder<V>, mask: V, like: V): V {
  const { dtype } = g.type(like);
  if (g.type(mask).dtype === 'bool') return additive(g, mask, like);
  const lowest = lowestFinite(dtype);
  return g.where(g.equal(mask, g.scalar(lowest, dtype)), g.scalar(lowest * (1 - machineEpsilon(dtype) / 2), dtype), mask);
}
