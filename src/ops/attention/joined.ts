import type { Dim } from '../../dims/dim.js';
import type { Builder } from '../builder.js';
import { mayBeEmpty } from '../sizes.js';
import { bitsOf, type TensorType } from '../types.js';
import { additive, attentionMask, type Scores, stretched, zeroRows } from './mask.js';

// The kernels of `com.microsoft` take the heads of an attention side by side.

/** `[N, h, T, d]`. */
export type HeadShape = readonly [Dim, Dim, Dim, Dim];

/** `[N, h, T, d]` to `[N, T, h*d]`. */
export function joinedHeads<V>(g: Builder<V>, x: V): V {
  const [batch, heads, rows, width] = g.shape(x) as HeadShape;
  return g.reshape(g.transpose(x, [0, 2, 1, 3]), [batch, rows, heads.mul(width)]);
}

/** `[N, T, h*d]` to `[N, h, T, d]`. */
export function splitHeads<V>(g: Builder<V>, x: V, [batch, heads, rows, width]: HeadShape): V {
  return g.transpose(g.reshape(x, [batch, rows, heads, width]), [0, 2, 1, 3]);
}

/** How these kernels are told which query may attend to which key. */
export interface KernelMask<V> {
  /** `[N|1, h|1, T, S]`, to add to the scores. */
  readonly added: V | undefined;
  /** See `AttentionMask`. */
  readonly empty: V | undefined;
  /** Whether the kernel itself handles `causal`. */
  readonly isUnidirectional: boolean;
}

/** A mask in the only form that the kernels of WebGPU compute: they fail at run time for a `key_padding_mask`. `like` has the element type of the scores. */
export function kernelMask<V>(g: Builder<V>, like: V, given: V | undefined, { causal, queries, keys }: Scores): KernelMask<V> {
  // The flag of the kernels lets the last query attend to the last key; `causal` lets the first one attend to the first.
  const isUnidirectional = causal && given === undefined && queries.equals(keys);
  const { mask, empty } = attentionMask(g, given, { causal: causal && !isUnidirectional, queries, keys });
  if (mask === undefined) return { added: undefined, empty, isUnidirectional };
  const full = stretched(g, additive(g, mask, like), [queries, keys]);
  const missing = 4 - g.rank(full);
  return { added: missing === 0 ? full : g.unsqueeze(full, [...Array(missing).keys()]), empty, isUnidirectional };
}

/** Sets rows of heads in `[N, T, h*d]` to 0. `rows` is `[N, h, T, 1]` or broadcasts to that. The heads stay side by side, so that the transposes around can cancel. */
export function zeroJoined<V>(g: Builder<V>, x: V, rows: V | undefined, [batch, heads, queries, width]: HeadShape): V {
  if (rows === undefined) return x;
  const shape = g.shape(rows);
  const axis = shape.length - 3;
  if (axis < 0) return zeroRows(g, x, rows);
  // WebGPU has no kernel that squeezes or transposes booleans.
  if (shape[axis]?.constant === 1) return zeroRows(g, x, g.reshape(rows, shape.toSpliced(axis, 1)));
  const perm = [...shape.slice(0, axis).keys(), axis + 1, axis, axis + 2];
  const perHead = g.cast(g.transpose(g.cast(rows, 'i32'), perm), 'bool');
  return g.reshape(zeroRows(g, g.reshape(x, [batch, queries, heads, width]), perHead), [batch, queries, heads.mul(width)]);
}

/** Whether all kernels accept a scale: some refuse negative ones, and 0 means the default. */
export function isPositive(scale: number | undefined): boolean {
  return scale === undefined || scale > 0;
}

/** Whether the sum of scores and mask in the element type is exact enough; see `softmaxOf`. */
export function isAddedExactly(q: TensorType, mask: TensorType | undefined): boolean {
  return bitsOf[q.dtype] >= 32 || mask?.dtype !== q.dtype;
}

/** Whether no axis of these tensors is ever empty: the kernels refuse to run for sequences without positions. */
export function areNeverEmpty(...tensors: readonly TensorType[]): boolean {
  return !tensors.some(({ shape }) => shape.some(mayBeEmpty));
}
