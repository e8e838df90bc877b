import type { Value } from '../../3-graph/graph.js';
import type { GraphBuilder } from '../../3-graph/graph-builder.js';
import { nth } from '../../ops/only.js';
import type { TensorType } from '../../ops/types.js';
import { groupsOf, type LinearMap } from './linear-map.js';
import { along } from './per-channel.js';

/** Combines a weight with a factor: `g.mul` or `g.div`. */
export type Combine = (weight: Value, factor: Value) => Value;

/** The weight with which a map gives its result multiplied by a scalar, or by one number for each output channel. */
export function overOutputs(g: GraphBuilder, map: LinearMap, factor: Value, combine: Combine): Value {
  return overChannels(g, map, factor, combine, 'outputs');
}

/** The weight with which a map gives what it would give if its input were multiplied by a scalar, or by one number for each input channel. */
export function overInputs(g: GraphBuilder, map: LinearMap, factor: Value, combine: Combine): Value {
  return overChannels(g, map, factor, combine, 'inputs');
}

/** The result of a map, without its bias, for an input that is one number everywhere or one for each channel: a number for each output channel. */
export function ofConstantInput(g: GraphBuilder, map: LinearMap, input: Value): Value {
  const products = overInputs(g, map, input, (weight, factor) => g.mul(weight, factor));
  const outputs = axisOf(map, 'outputs');
  const others = Array.from({ length: g.rank(products) }, (_, axis) => axis).filter((axis) => axis !== outputs);
  return g.sum(products, others);
}

/**
 * The axis of a weight that holds its input or output channels. A matrix has one on each of its two axes; filters are `[O, C / groups, ..]`, and those of a transposed convolution `[C, O / groups, ..]`:
 * axis 1 holds only the channels of one group.
 */
function axisOf({ kind, fromLeft }: LinearMap, which: 'inputs' | 'outputs'): number {
  const first = kind === 'conv' || fromLeft ? 'outputs' : 'inputs';
  return which === first ? 0 : 1;
}

function overChannels(g: GraphBuilder, map: LinearMap, factor: Value, combine: Combine, which: 'inputs' | 'outputs'): Value {
  const { weight } = map;
  const axis = axisOf(map, which);
  const rank = g.rank(weight);
  const groups = groupsOf(map);
  if (axis === 0 || groups === 1 || g.rank(factor) === 0) return combine(weight, along(g, factor, axis, rank));
  // Axis 1 holds the channels of one group, and each group has other factors: [groups, channels of axis 0 in a group, channels of axis 1, ..].
  const [first, second, ...taps] = g.shape(weight);
  if (first === undefined || second === undefined) return weight;
  const grouped = g.reshape(weight, [groups, first.floorDiv(groups), second, ...taps]);
  const factors = g.reshape(factor, [groups, 1, nth(g.shape(weight), 1), ...taps.map(() => 1)]);
  return g.reshape(combine(grouped, factors), g.shape(weight));
}

/** The matrix that replaces two consecutive products. */
export function inSequence(g: GraphBuilder, first: LinearMap, second: LinearMap): Value {
  const [left, right] = operands(first, second);
  return g.matmul(left, right);
}

export function typeInSequence(first: LinearMap, second: LinearMap): TensorType {
  const [left, right] = operands(first, second);
  return { dtype: left.type.dtype, shape: [nth(left.type.shape, 0), nth(right.type.shape, 1)] };
}

function operands(first: LinearMap, second: LinearMap): readonly [Value, Value] {
  return first.fromLeft ? [second.weight, first.weight] : [first.weight, second.weight];
}

/** The sum of those terms that are defined; undefined if none is. */
export function sumOf(g: GraphBuilder, ...terms: readonly (Value | undefined)[]): Value | undefined {
  const given = terms.flatMap((term) => term ?? []);
  return given.length === 0 ? undefined : given.reduce((sum, term) => g.add(sum, term));
}
