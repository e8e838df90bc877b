import type { Region } from '../3-graph/graph.js';

/**
 * An in-place rewrite of a graph or of a body of control flow; the pipeline applies it to each of them, innermost first. It keeps names, types and source locations,
 * and returns the number of changes; a second run changes nothing.
 */
export interface Pass {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  run(region: Region): number;
}
