import type { Graph, Node } from '../../3-graph/graph.js';
import { Value } from '../../3-graph/graph.js';
import type { Shape } from '../../ops/types.js';
import type { Pass } from '../pass.js';

/**
 * Removes operators that change nothing.
 *
 * Before: `y = cast(x, f32)` of an f32 tensor. After: `x` replaces `y`. The same applies to a concat of one tensor, dropout at inference,
 * reshape and expand to the existing shape, and transposes that keep the order. ONNX Runtime cannot do this if the result is an output of
 * the graph. Runs before common subexpressions, which then see through what was removed.
 */
export const noOps: Pass = {
  name: 'no-ops',
  summary: 'removes operators that change nothing',
  run(graph) {
    const replaced = new Map<Value, Value>();
    const gone = new Set<Node>();
    for (const node of graph.nodes) {
      const [first] = node.inputs;
      const [output] = node.outputs;
      const input = Array.isArray(first) && first.length === 1 ? first[0] : first;
      if (!(input instanceof Value) || output === undefined || !changesNothing(node, input, output)) continue;
      replaced.set(output, input);
      gone.add(node);
    }
    return replace(graph, replaced, gone);
  },
};

function changesNothing({ op, attrs }: Node, input: Value, output: Value): boolean {
  switch (op) {
    case 'cast':
      return input.type.dtype === output.type.dtype;
    case 'reshape':
    case 'expand':
    case 'flatten':
    case 'squeeze':
    case 'unsqueeze':
      return sameShape(input.type.shape, output.type.shape);
    case 'transpose':
      return Array.isArray(attrs.perm) && attrs.perm.every((from, to) => from === to);
    case 'concat':
    case 'dropout':
      return true;
    default:
      return false;
  }
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => b[i] !== undefined && d.equals(b[i]));
}

function replace(graph: Graph, replaced: ReadonlyMap<Value, Value>, gone: ReadonlySet<Node>): number {
  if (gone.size === 0) return 0;
  graph.replaceAllUses(replaced);
  graph.remove(gone);
  return gone.size;
}
