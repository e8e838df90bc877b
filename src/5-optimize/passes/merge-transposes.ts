import type { Node, Value } from '../../3-graph/graph.js';
import { nth } from '../../ops/only.js';
import type { Pass } from '../pass.js';

/**
 * Makes one transpose of two in a row, or none if the second undoes the first.
 *
 * Before: `y = transpose(transpose(x, perm = [1, 2, 0]), perm = [1, 2, 0])`. After: `y = transpose(x, perm = [2, 0, 1])`.
 * Runs on ONNX nodes: the forms of operators bring transposes with them. The inner one stays where something else reads it.
 */
export const mergeTransposes: Pass = {
  name: 'merge-transposes',
  summary: 'makes one transpose of two in a row',
  run(region) {
    let changes = 0;
    for (const node of region.nodes) {
      const outer = transposeOf(node);
      const inner = outer?.x.source.kind === 'node' ? transposeOf(outer.x.source.node) : undefined;
      if (outer === undefined || inner === undefined) continue;
      const perm = outer.perm.map((axis) => nth(inner.perm, axis));
      const result = nth(node.outputs, 0);
      const isIdentity = perm.every((from, to) => from === to);
      const call = { opType: 'Transpose', domain: '', attrs: { perm: { ints: perm } } };
      region.replaceUses(result, isIdentity ? inner.x : nth(region.onnx(call, [inner.x], [result.type], node.origin, node), 0));
      region.remove(node);
      changes++;
    }
    return changes;
  },
};

/** The input of a transpose, and which axis of it each axis of the result is. */
function transposeOf(node: Node): { readonly x: Value; readonly perm: readonly number[] } | undefined {
  if (node.kind !== 'onnx' || node.call.opType !== 'Transpose' || node.call.domain !== '') return undefined;
  const [x] = node.inputs;
  const { perm } = node.call.attrs;
  return x !== undefined && 'type' in x && perm !== undefined && 'ints' in perm ? { x, perm: perm.ints } : undefined;
}
