import { type Graph, type Node, Value } from '../../3-graph/graph.js';
import { onnxCallOf, onnxNode } from '../../3-graph/onnx-node.js';
import { attrsKey } from '../attrs-key.js';
import type { Pass } from '../pass.js';
import { isRepeatable } from '../repeatable.js';

/**
 * Shares equal computations.
 *
 * Before: `a = swap(w); b = swap(w)`. After: `a = swap(w)`, and `a` replaces `b`. Operators are pure, so equal operators, inputs and
 * attributes give equal results. Dropout in a training graph is keyed by its position and is not merged; neither are ONNX operators named
 * by the user that are random or of another domain. Runs before dead code, which removes what is left over.
 */
export const commonSubexpressions: Pass = {
  name: 'common-subexpressions',
  summary: 'lets equal computations be done once',
  run(graph) {
    const ids = new Map<Value, number>();
    const replaced = new Map<Value, Value>();
    const id = (value: Value): number => {
      const target = replaced.get(value) ?? value;
      const known = ids.get(target);
      if (known !== undefined) return known;
      ids.set(target, ids.size);
      return ids.size - 1;
    };
    const seen = new Map<string, Node>();
    for (const node of graph.nodes) {
      if (node.op === onnxNode && !isRepeatable(onnxCallOf(node))) continue;
      const key = `${node.op}(${node.inputs.map((input) => (input === undefined ? '-' : input instanceof Value ? id(input) : `[${input.map(id).join()}]`)).join()})${attrsKey(node.attrs)}`;
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, node);
        continue;
      }
      for (const [i, value] of node.outputs.entries()) {
        const same = first.outputs[i];
        if (same !== undefined) replaced.set(value, same);
      }
    }
    return replace(graph, replaced);
  },
};

function replace(graph: Graph, replaced: ReadonlyMap<Value, Value>): number {
  if (replaced.size > 0) graph.replaceAllUses(replaced);
  const gone = new Set(graph.nodes.filter((n) => n.outputs.length > 0 && n.outputs.every((v) => replaced.has(v))));
  if (gone.size > 0) graph.remove(gone);
  return gone.size;
}
