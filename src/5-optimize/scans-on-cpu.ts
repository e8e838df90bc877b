import type { Graph, ScanNode } from '../3-graph/graph.js';
import { regionsIn } from '../3-graph/regions.js';
import type { Target } from '../ops/targets.js';
import { hasScanKernel } from '../ops/targets.js';

/** The scans of an optimized graph that the device of the target has no kernel for. */
export function scansOnCpu(graph: Graph, target: Target = 'portable'): readonly ScanNode[] {
  if (hasScanKernel(target)) return [];
  return regionsIn(graph).flatMap((region) => [...region.nodes].filter((node) => node.kind === 'scan'));
}
