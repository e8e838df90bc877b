import { type OpNode, Value } from '../3-graph/graph.js';
import type { GraphBuilder } from '../3-graph/graph-builder.js';
import { nth } from '../ops/only.js';
import { product } from '../ops/sizes.js';

/**
 * What a mean over a batch was divided by, as an f32 scalar: for a loss over tokens, how many tokens count. Over several batches, the mean of all of them is the mean of
 * their means, weighted with this. For a sum of several losses, the first one decides; a mean over something that has the same size in every batch, such as a penalty on the
 * weights, only if there is no other. A value that is not recognized as a mean has the weight 1 in every batch.
 */
export function weightOfMean(g: GraphBuilder, value: Value): Value {
  const weight = find(g, value);
  return weight === undefined ? g.scalar(1, 'f32') : g.cast(weight, 'f32');
}

function find(g: GraphBuilder, { source }: Value): Value | undefined {
  if (source.kind !== 'node' || source.node.kind !== 'op') return undefined;
  const { node } = source;
  const [a, b] = [inputAt(node, 0), inputAt(node, 1)];
  switch (node.op.name) {
    case 'mean':
      return a === undefined || nth(node.outputs, 0).type.shape.length > 0 ? undefined : g.size(product(a.type.shape), 'f32');
    case 'div':
      return ofQuotient(g, a && find(g, a), b && divisor(b));
    case 'add':
    case 'sub':
    case 'mul':
      return firstOfBatch([a, b].map((side) => side && find(g, side)));
    case 'neg':
    case 'cast':
    case 'reshape':
    case 'squeeze':
      return a && find(g, a);
    case 'where':
      return firstOfBatch([b, inputAt(node, 2)].map((side) => side && find(g, side)));
    default:
      return undefined;
  }
}

/** A mean that is divided by a scalar was divided by both. */
function ofQuotient(g: GraphBuilder, weight: Value | undefined, by: Value | undefined): Value | undefined {
  if (by === undefined || by.source.kind === 'constant') return weight;
  return weight === undefined ? by : g.mul(g.cast(weight, 'f32'), g.cast(by, 'f32'));
}

function firstOfBatch(weights: readonly (Value | undefined)[]): Value | undefined {
  const found = weights.filter((weight) => weight !== undefined);
  return found.find(({ source }) => source.kind !== 'constant') ?? found[0];
}

/** A scalar, without the guard against division by 0 around it. */
function divisor(value: Value): Value | undefined {
  if (value.type.shape.length > 0) return undefined;
  const { source } = value;
  if (source.kind !== 'node' || source.node.kind !== 'op') return value;
  const { node } = source;
  const inputs = node.op.name === 'maximum' ? [0, 1] : node.op.name === 'where' ? [1, 2] : [];
  const [only, ...others] = inputs.flatMap((i) => inputAt(node, i) ?? []).filter((input) => input.source.kind !== 'constant');
  return only !== undefined && others.length === 0 ? divisor(only) : value;
}

function inputAt({ inputs }: OpNode, index: number): Value | undefined {
  const input = inputs[index];
  return input instanceof Value ? input : undefined;
}
