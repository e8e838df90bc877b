import type { Node, OnnxNode, Region, Value } from '../../3-graph/graph.js';
import { nth } from '../../ops/only.js';
import { vector } from '../lowering/vector.js';
import { madeBy, numbersOf } from '../onnx-nodes.js';
import type { Pass } from '../pass.js';

/**
 * Merges two slices in a row that cut different axes.
 *
 * Before: `y = x[1 .. 4, ..][.., 2 ..]`. After: `y = x[1 .. 4, 2 ..]`.
 * Only for constant positions and steps of 1: on WebGPU, a kernel for other steps is wrong for some positions (see `slice`). The gradient of a convolution slices one tensor nine times, one axis at a
 * time. The inner slice stays if something else reads it.
 */
export const mergeSlices: Pass = {
  name: 'merge-slices',
  summary: 'merges two slices of different axes into one',
  run(region) {
    let changes = 0;
    for (const node of region.nodes) {
      const outer = node.kind === 'onnx' ? cutOf(node) : undefined;
      const before = outer && madeBy(outer.x, 'Slice');
      const inner = before && cutOf(before);
      if (outer === undefined || inner === undefined || outer.axes.some((axis) => inner.axes.includes(axis))) continue;
      region.replaceUses(nth(node.outputs, 0), merged(region, node, inner, outer));
      region.remove(node);
      changes++;
    }
    return changes;
  },
};

interface Cut {
  readonly x: Value;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Counted from 0. */
  readonly axes: readonly number[];
}

function cutOf(node: OnnxNode): Cut | undefined {
  const [x, ...positions] = node.inputs;
  const [starts, ends, axes] = positions.map(numbersOf);
  const isPlain = node.call.opType === 'Slice' && node.call.domain === '' && positions.length === 3;
  if (!isPlain || x === undefined || !('type' in x) || starts === undefined || ends === undefined || axes === undefined) return undefined;
  return { x, starts, ends, axes: axes.map((axis) => (axis < 0 ? axis + x.type.shape.length : axis)) };
}

function merged(region: Region, node: Node, inner: Cut, outer: Cut): Value {
  const positions = (['starts', 'ends', 'axes'] as const).map((part) => region.constant(vector([...inner[part], ...outer[part]])));
  const types = node.outputs.map(({ type }) => type);
  return nth(region.onnx({ opType: 'Slice', domain: '', attrs: {} }, [inner.x, ...positions], types, node.origin, node), 0);
}
