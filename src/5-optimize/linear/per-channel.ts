import type { Value } from '../../3-graph/graph.js';
import type { GraphBuilder } from '../../3-graph/graph-builder.js';
import { nth } from '../../ops/only.js';
import type { TensorType } from '../../ops/types.js';

/** One number for a whole tensor, or one for each position along an axis. */
export type PerChannel = 'scalar' | { readonly axis: number };

/** How a value broadcasts to a tensor that it is added to or multiplied by; undefined if it varies along several axes, or if it makes the tensor larger. */
export function perChannel(value: Value, tensor: TensorType): PerChannel | undefined {
  const missing = tensor.shape.length - value.type.shape.length;
  if (missing < 0) return undefined;
  const long = value.type.shape.flatMap((size, i) => (size.constant === 1 ? [] : [i + missing]));
  const [axis, ...others] = long;
  if (axis === undefined) return 'scalar';
  const fits = others.length === 0 && nth(value.type.shape, axis - missing).equals(nth(tensor.shape, axis));
  return fits ? { axis } : undefined;
}

/** A per-channel value as a vector `[C]`, or its only number as a scalar. */
export function numbersOf(g: GraphBuilder, value: Value): Value {
  const long = g.shape(value).filter(({ constant }) => constant !== 1);
  return long.length === g.rank(value) ? value : g.reshape(value, long);
}

/** A vector reshaped to lie along `axis` of a tensor of rank `rank`; a scalar stays as it is. */
export function along(g: GraphBuilder, vector: Value, axis: number, rank: number): Value {
  if (g.rank(vector) === 0) return vector;
  return g.reshape(
    vector,
    Array.from({ length: rank }, (_, i) => (i === axis ? nth(g.shape(vector), 0) : 1)),
  );
}
