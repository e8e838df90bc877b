import type { Graph } from '../3-graph/graph.js';
import { verify } from '../3-graph/verify.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { Pass } from './pass.js';
import { commonSubexpressions } from './passes/common-subexpressions.js';
import { deadCode } from './passes/dead-code.js';
import { noOps } from './passes/no-ops.js';

/** The passes in the order in which they run, each with the reason for its position. */
export const pipeline: readonly Pass[] = [
  // First: what changes nothing hides what is equal.
  noOps,
  // Before everything that looks at single nodes, so that equal ones are examined once.
  commonSubexpressions,
  // Last: every other pass leaves nodes without uses behind.
  deadCode,
];

/** Defined where the sources are tested, and nowhere else: the graph is verified after each pass. */
declare const ARCHC_VERIFIES_PASSES: true | undefined;
const verifies = typeof ARCHC_VERIFIES_PASSES !== 'undefined';

/** Runs the pipeline on a graph in place and returns the number of changes. */
export function optimize(graph: Graph, passes: readonly Pass[] = pipeline): number {
  let changes = 0;
  if (verifies) demandLegal(graph, 'elaboration');
  for (const pass of passes) {
    changes += pass.run(graph);
    if (verifies) demandLegal(graph, pass.name);
  }
  return changes;
}

function demandLegal(graph: Graph, stage: string): void {
  const [problem] = verify(graph);
  if (problem !== undefined) throw new InternalError(`the graph ${graph.name} is not legal after ${stage}: ${problem}`);
}
