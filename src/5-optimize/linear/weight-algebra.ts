import type { Value } from '../../3-graph/graph.js';
import type { GraphBuilder } from '../../3-graph/graph-builder.js';
import { nth } from '../../ops/only.js';
import type { TensorType } from '../../ops/types.js';
import { groupsOf, type LinearMap } from './linear-map.js';
import { along } from './per-channel.js';

/** Combines a weight with a factor: `g.mul` or `g.div`. */
export type Combine = (weight: Value, factor: Value) => Value;

/** The weight of a map whose result is multiplied by a scalar, or by one number for each output channel. */
export function overOutputs(g: GraphBuilder, map: LinearMap, factor: Value, combine: Combine): Value {
  return overChannels(g, map, factor, combine, 'outputs');
}

/** The weight of a map whose input is multiplied by a scalar, or by one number for each input channel. */
export function overInputs(g: GraphBuilder, map: LinearMap, factor: Value, combine: Combine): Value {
  return overChannels(g, map, factor, combine, 'inputs');
}

/** What a map, without its bias, makes of an input that is everywhere one scalar or one number for each channel: a number for each output channel. */
export function ofConstantInput(g: GraphBuilder, map: LinearMap, input: Value): Value {
  const products = overInputs(g, map, input, (weight, factor) => g.mul(weight, factor));
  const outputs = axisOf(map, 'outputs');
  const others = Array.from({ length: g.rank(products) }, (_, axis) => axis).filter((axis) => axis !== outputs);
  return g.sum(products, others);
}

/**
 * Where a weight has its channels: a matrix on one of its two axes; filters, `[O, C / groups, ..]`, or of a transposed convolution `[C, O / groups, ..]`, on axis 0 or, those of one group, on axis 1.
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
  // The channels of axis 1 begin again in each group: [groups, channels of axis 0 in a group, channels of axis 1, ..].
  const [first, second, ...taps] = g.shape(weight);
  if (first === undefined || second === undefined) return weight;
  const grouped = g.reshape(weight, [groups, first.floorDiv(groups), second, ...taps]);
  const factors = g.reshape(factor, [groups, 1, nth(g.shape(weight), 1), ...taps.map(() => 1)]);
  return g.reshape(combine(grouped, factors), g.shape(weight));
}

/** The matrix of two products in a row. */
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

/** The sum of what may be left out. */
export function sumOf(g: GraphBuilder, ...terms: readonly (Value | undefined)[]): Value | undefined {
  const given = terms.flatMap((term) => term ?? []);
  return given.length === 0 ? undefined : given.reduce((sum, term) => g.add(sum, term));
}
