import { type OpNode, type Region, Value } from '../../3-graph/graph.js';
import { Dim } from '../../dims/dim.js';
import { only } from '../../ops/only.js';
import type { Pass } from '../pass.js';

/**
 * Takes the maximum of windows before relu.
 *
 * Before: `max_pool2d(relu(x), 2)`. After: `relu(max_pool2d(x, 2))`.
 * The value is the same, since relu preserves order, and so is the gradient: where a window has a positive element, its greatest one gets it either way, and otherwise none does. Relu and
 * its gradient then pass over a quarter of the numbers. For training only: at inference, ONNX Runtime computes relu together with the convolution before it.
 */
export const poolsFirst: Pass = {
  name: 'pools-first',
  summary: 'moves max pooling before relu',
  run(region) {
    let changes = 0;
    for (const node of region.nodes) {
      const relu = node.kind === 'op' ? reluBefore(node) : undefined;
      if (relu === undefined) continue;
      swap(region, relu, node as OpNode);
      changes++;
    }
    return changes;
  },
};

/** The relu that only this pooling reads. A window of a pooling with holes may be empty, and its maximum minus infinity, which relu changes. */
function reluBefore({ op, inputs, attrs }: OpNode): OpNode | undefined {
  if (!/^max_pool[123]d$/.test(op.name) || !(attrs.dilation as readonly Dim[]).every((size) => size.equals(Dim.one))) return undefined;
  const [x] = inputs;
  if (!(x instanceof Value) || x.users.size !== 1 || x.source.kind !== 'node') return undefined;
  const { node } = x.source;
  return node.kind === 'op' && node.op.name === 'relu' ? node : undefined;
}

function swap(region: Region, relu: OpNode, pool: OpNode): void {
  const result = only(pool.outputs);
  const pooled = region.op(pool.op, relu.inputs, pool.attrs, [result.type], pool.origin, pool);
  region.replaceUses(result, only(region.op(relu.op, pooled, relu.attrs, [result.type], relu.origin, pool)));
  region.remove(pool);
  region.remove(relu);
}
