import type { Graph } from '../3-graph/graph.js';
import type { Pass } from './pass.js';
import { commonSubexpressions } from './passes/common-subexpressions.js';
import { deadCode } from './passes/dead-code.js';
import { noOps } from './passes/no-ops.js';

/** The passes in the order in which they run, each with the reason for its position. */
export const pipeline: readonly Pass[] = [
  // First: no-ops hide equal computations.
  noOps,
  // Before everything that looks at single nodes, so that equal ones are looked at once.
  commonSubexpressions,
  // Last: every other pass leaves unused nodes behind.
  deadCode,
];

/** Runs the pipeline on a graph in place and returns the number of changes. */
export function optimize(graph: Graph, passes: readonly Pass[] = pipeline): number {
  let changes = 0;
  for (const pass of passes) changes += pass.run(graph);
  return changes;
}
