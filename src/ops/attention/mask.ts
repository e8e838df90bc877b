import type { Dim } from '../../dims/dim.js';
import type { Builder } from '../builder.js';
import { ndArray } from '../nd/array.js';
import type { DType } from '../types.js';

/** What queries may attend to: the user's mask combined with `causal`. */
export interface AttentionMask<V> {
  /** Booleans, or floats that are added to the scores; no row is empty. `undefined`: every query may attend to every key. */
  readonly mask: V | undefined;
  /** Rows (of one column) for which the user allowed no key at all: their result is 0. `undefined`: there are no such rows. */
  readonly empty: V | undefined;
}

/** The scores that a mask applies to. */
export interface Scores {
  readonly causal: boolean;
  readonly queries: Dim;
  readonly keys: Dim;
}

/**
 * Combines the user's mask with `causal`. A row without any key would make softmax divide 0 by 0, also in its gradient: such a row is
 * opened to all keys here, and its result must be replaced by 0.
 */
export function attentionMask<V>(g: Builder<V>, given: V | undefined, { causal, queries, keys }: Scores): AttentionMask<V> {
  // Query 0 attends to key 0, and so does every later one.
  if (given === undefined) return { mask: causal ? causalMask(g, queries, keys) : undefined, empty: undefined };
  const own = g.rank(given) === 0 ? g.unsqueeze(given, [0]) : given;
  if (g.type(own).dtype === 'bool') {
    const allowed = causal ? g.and(own, causalMask(g, queries, keys)) : own;
    const empty = g.not(g.op('any', [allowed], { axes: [-1], keep: true }));
    return { mask: g.op('logical_or', [allowed, empty]), empty };
  }
  const added = causal ? g.where(causalMask(g, queries, keys), own, minusInfinity(g, own)) : own;
  const empty = g.op('all', [g.equal(added, minusInfinity(g, added))], { axes: [-1], keep: true });
  return { mask: g.where(empty, g.scalar(0, added), added), empty };
}

export function minusInfinity<V>(g: Builder<V>, like: V | DType): V {
  return g.scalar(Number.NEGATIVE_INFINITY, like);
}

/** A mask as numbers to add to scores in the element type of `like`. */
export function additive<V>(g: Builder<V>, mask: V, like: V): V {
  return g.type(mask).dtype === 'bool' ? g.where(mask, g.scalar(0, like), minusInfinity(g, like)) : mask;
}

/** Expands a mask to the size of the scores on the last two axes. */
export function stretched<V>(g: Builder<V>, mask: V, scores: readonly [Dim, Dim]): V {
  const shape = g.shape(mask);
  const isFull = shape.length >= 2 && shape.slice(-2).every((size, i) => size.equals(scores[i] ?? size));
  return isFull ? mask : g.expand(mask, [...shape.slice(0, -2), ...scores]);
}

/** `y` with 0 in these rows. */
export function zeroRows<V>(g: Builder<V>, y: V, rows: V | undefined): V {
  return rows === undefined ? y : g.where(rows, g.scalar(0, y), y);
}

/** `[T, S]`, true where the key is not after the query. */
function causalMask<V>(g: Builder<V>, queries: Dim, keys: Dim): V {
  if (queries.constant === undefined || keys.constant === undefined) {
    return g.lessEqual(g.unsqueeze(positions(g, keys), [0]), g.unsqueeze(positions(g, queries), [1]));
  }
  const mask = ndArray('bool', [queries.constant, keys.constant]);
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = i % keys.constant <= Math.floor(i / keys.constant) ? 1 : 0;
  return g.constant(mask);
}

/** 0, 1, .. up to a size that is known only at run time; int32, which WebGPU can compute. */
function positions<V>(g: Builder<V>, size: Dim): V {
  return g.op('range', [], { end: size, dtype: 'i32' });
}
