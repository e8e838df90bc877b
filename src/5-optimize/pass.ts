import type { Graph } from '../3-graph/graph.js';

/** A rewrite of a graph in place. It keeps names, types and source locations, and returns the number of changes; a second run changes nothing. */
export interface Pass {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  run(graph: Graph): number;
}
