import { mapInputs, type Node, type OnnxNode, type OpNode, operatorName, type Value } from '../../3-graph/graph.js';
import type { Effects } from '../../ops/define.js';
import { onnxEffects } from '../../ops/onnx-effects.js';
import { attrsKey } from '../attrs-key.js';
import type { Pass } from '../pass.js';

/**
 * Computes equal expressions once.
 *
 * Before: `a = swap(w); b = swap(w)`. After: `a = swap(w)`, and `a` instead of `b`.
 * Only what is `pure` is merged: equal operator, inputs and attributes give equal results. A node that makes a size stays, since types mention the size by its name. Nothing is shared between
 * a body and the region around it. Runs before dead code elimination, which removes what is left over.
 */
export const commonSubexpressions: Pass = {
  name: 'common-subexpressions',
  summary: 'computes equal expressions once',
  run(region) {
    const ids = new Map<Value, number>();
    const id = (value: Value): number => {
      const known = ids.get(value);
      if (known !== undefined) return known;
      ids.set(value, ids.size);
      return ids.size - 1;
    };
    const seen = new Map<string, Node>();
    let changes = 0;
    for (const node of region.nodes) {
      if (node.kind === 'cond' || node.kind === 'scan' || effectsOf(node) !== 'pure') continue;
      const inputs = mapInputs(node.inputs, id).map((input) => (Array.isArray(input) ? `[${input}]` : (input ?? '-')));
      const key = `${node.outputs.length} ${operatorName(node)}(${inputs})${attrsKey(node.kind === 'op' ? node.attrs : node.call.attrs)}`;
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, node);
        continue;
      }
      for (const [i, value] of node.outputs.entries()) region.replaceUses(value, first.outputs[i] as Value);
      region.remove(node);
      changes++;
    }
    return changes;
  },
};

function effectsOf(node: OpNode | OnnxNode): Effects {
  return node.kind === 'op' ? (node.op.effects ?? 'pure') : onnxEffects(node.call);
}
