import type { Graph, Value } from '../3-graph/graph.js';
import type { GraphBuilder } from '../3-graph/graph-builder.js';
import type { TensorType } from '../ops/types.js';

/**
 * Outputs that tell whether a step is of use: the Euclidean length of the gradient before it is clipped, and the sum of the absolute values of whatever the step adds to weights and of the new
 * running statistics. A number that is infinite or NaN makes such a sum infinite or NaN; so do gradients whose squares, which optimizers keep, are too large for f32.
 */
export const stepNorms = { gradient: 'gradient.norm', change: 'change.norm' } as const;

const scalar: TensorType = { dtype: 'f32', shape: [] };

/** Adds the outputs to a graph. Without changes, there is none for them. */
export function writeStepNorms(
  graph: Graph,
  g: GraphBuilder,
  { gradients = [], changes }: { readonly gradients?: readonly Value[]; readonly changes: readonly Value[] },
): void {
  const sum = (values: readonly Value[]) => values.reduce((a, b) => g.add(a, b));
  const normOf = (value: Value, p: 1 | 2) => g.op('norm', [value], { p });
  if (gradients.length > 0) {
    const squares = gradients.map((gradient) => normOf(gradient, 2)).map((norm) => g.mul(norm, norm));
    graph.output(stepNorms.gradient, g.sqrt(sum(squares)), scalar);
  }
  if (changes.length > 0) graph.output(stepNorms.change, sum(changes.map((change) => normOf(change, 1))), scalar);
}
