import { mapInputs, type OpNode, Value } from '../../3-graph/graph.js';
import { bindInputs } from '../../ops/bind.js';
import type { Pass } from '../pass.js';

/**
 * Removes operators that change nothing.
 *
 * Before: `y = cast(x, f32)` of an f32 tensor. After: `x` instead of `y`.
 * The operators themselves say when they do so: a cast to the same type, a concat of one tensor, dropout at inference, reshape and expand to the same shape. ONNX
 * Runtime cannot remove them if the result is an output of the graph. Runs before common subexpressions, which then see through what was removed.
 */
export const noOps: Pass = {
  name: 'no-ops',
  summary: 'removes operators that change nothing',
  run(region) {
    let changes = 0;
    for (const node of region.nodes) {
      if (node.kind !== 'op') continue;
      const [input] = [node.inputs[0]].flat();
      const [output] = node.outputs;
      if (!(input instanceof Value) || output === undefined || !isIdentity(node)) continue;
      region.replaceUses(output, input);
      region.remove(node);
      changes++;
    }
    return changes;
  },
};

function isIdentity({ op, inputs, attrs, outputs }: OpNode): boolean {
  if (op.isIdentity === undefined) return false;
  const types = outputs.map((value) => value.type);
  return op.isIdentity(
    bindInputs(
      op,
      mapInputs(inputs, (value) => value.type),
    ),
    attrs,
    types,
  );
}
