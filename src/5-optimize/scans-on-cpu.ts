import type { Graph, ScanNode } from '../3-graph/graph.js';
import { regionsIn } from '../3-graph/regions.js';
import { hasKernel } from '../ops/capabilities/capability.js';
import type { Target } from '../ops/targets.js';

/** The scans of an optimized graph that the device of the target has no kernel for. */
export function scansOnCpu(graph: Graph, target: Target = 'portable'): readonly ScanNode[] {
  if (hasKernel(target, 'Scan')) return [];
  return regionsIn(graph).flatMap((region) => [...region.nodes].filter((node) => node.kind === 'scan'));
}
