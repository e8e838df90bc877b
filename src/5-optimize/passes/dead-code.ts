import { inputValues, type Node } from '../../3-graph/graph.js';
import type { Pass } from '../pass.js';

/**
 * Removes nodes whose results are not used.
 *
 * Before: `a = relu(x); b = tanh(x); return a`. After: `a = relu(x); return a`. Parameters stay even if unused: they are part of the
 * model's interface. Runs last, after everything that leaves unused nodes behind.
 */
export const deadCode: Pass = {
  name: 'dead-code',
  summary: 'removes nodes whose results nobody uses',
  run(graph) {
    const used = new Set(graph.outputs.map((o) => o.value));
    const dead = new Set<Node>();
    // Uses come after definitions, so one walk from the end sees every use first.
    for (const node of [...graph.nodes].reverse()) {
      if (node.outputs.some((v) => used.has(v))) for (const input of inputValues(node)) used.add(input);
      else dead.add(node);
    }
    if (dead.size > 0) graph.remove(dead);
    return dead.size;
  },
};
