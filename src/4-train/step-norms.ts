import type { Graph, Value } from '../3-graph/graph.js';
import type { GraphBuilder } from '../3-graph/graph-builder.js';
import type { TensorType } from '../ops/types.js';

/**
 * Outputs that show whether a step can be used: the Euclidean length of the gradient before it is clipped, and the sum of the absolute values of whatever the step adds to weights and of the new
 * running statistics. A number that is infinite or NaN makes such a sum infinite or NaN; so do gradients whose squares, which optimizers keep, are too large for f32.
 */
export const stepNorms = { gradient: 'gradient.norm', change: 'change.norm' } as const;

const scalar: TensorType = { dtype: 'f32', shape: [] };

/** The Euclidean length of all gradients together. */
export function gradientNorm(g: GraphBuilder, gradients: readonly Value[]): Value {
  const squares = gradients.map((gradient) => g.op('norm', [gradient], { p: 2 })).map((norm) => g.mul(norm, norm));
  return g.sqrt(sumOf(g, squares));
}

/** Adds the outputs to a graph; without changes, the one for them is left out. */
export function writeStepNorms(
  graph: Graph,
  g: GraphBuilder,
  { gradient, changes }: { readonly gradient?: Value; readonly changes: readonly Value[] },
): void {
  if (gradient !== undefined) graph.output(stepNorms.gradient, gradient, scalar);
  const sums = changes.map((change) => g.op('norm', [change], { p: 1 }));
  if (sums.length > 0) graph.output(stepNorms.change, sumOf(g, sums), scalar);
}

function sumOf(g: GraphBuilder, values: readonly Value[]): Value {
  return values.reduce((a, b) => g.add(a, b));
}
