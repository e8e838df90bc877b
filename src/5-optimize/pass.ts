import type { Graph } from '../3-graph/graph.js';

/** One rewriting of a graph in place. It keeps names, types and source places, and returns how much it changed; a second run changes nothing. */
export interface Pass {
  readonly name: string;
  /** One line for `--print-passes` and the docs. */
  readonly summary: string;
  run(graph: Graph): number;
}
