import type { Node, Region, Value } from '../../3-graph/graph.js';
import { decideEqual } from '../../dims/decide.js';
import { nth } from '../../ops/only.js';
import { constantTarget } from '../../ops/shape/reshape-target.js';
import type { Shape } from '../../ops/types.js';
import type { Pass } from '../pass.js';

/**
 * Merges two transposes or two reshapes in a row into one, and drops both if the second undoes the first.
 *
 * Before: `y = transpose(transpose(x, perm = [1, 2, 0]), perm = [1, 2, 0])`. After: `y = transpose(x, perm = [2, 0, 1])`.
 * Before: `y = reshape(reshape(x, [N, T, 4, 64]), [N, T, 256])` of an x of shape `[N, T, 256]`. After: `x` instead of `y`.
 * Runs on ONNX nodes, because the ONNX forms of operators contain transposes and reshapes of their own, such as those around an attention that takes its heads side by side. Nodes are visited
 * in order, so whatever lay between two moves that undo each other is already gone. The inner one stays if something else reads it.
 */
export const mergeMoves: Pass = {
  name: 'merge-moves',
  summary: 'merges two successive transposes or reshapes into one',
  run(region) {
    let changes = 0;
    for (const node of region.nodes) {
      const merged = mergedTranspose(region, node) ?? mergedReshape(region, node);
      if (merged === undefined) continue;
      region.replaceUses(nth(node.outputs, 0), merged);
      region.remove(node);
      changes++;
    }
    return changes;
  },
};

/** The result of a transpose without the transpose before it; undefined if there is nothing to merge. */
function mergedTranspose(region: Region, node: Node): Value | undefined {
  const outer = transposeOf(node);
  if (outer === undefined) return undefined;
  const inner = transposeOf(sourceOf(outer.x));
  const perm = inner === undefined ? outer.perm : outer.perm.map((axis) => nth(inner.perm, axis));
  const x = inner?.x ?? outer.x;
  if (perm.every((from, to) => from === to)) return x;
  if (inner === undefined) return undefined;
  const call = { opType: 'Transpose', domain: '', attrs: { perm: { ints: perm } } };
  return nth(region.onnx(call, [x], [nth(node.outputs, 0).type], node.origin, node), 0);
}

/** The result of a reshape without the reshape before it; undefined if there is nothing to merge, or if the sizes would have to be computed in another way. */
function mergedReshape(region: Region, node: Node): Value | undefined {
  const outer = reshapeOf(node);
  if (outer === undefined) return undefined;
  const inner = reshapeOf(sourceOf(outer));
  const { shape } = nth(node.outputs, 0).type;
  const same = [outer, inner].find((x) => x !== undefined && haveSameShape(region, x.type.shape, shape));
  if (same !== undefined || inner === undefined) return same;
  const sizes = constantTarget(inner.type.shape, shape);
  if (sizes === undefined) return undefined;
  const target = region.constant({ dtype: 'i64', shape: [sizes.length], data: Float64Array.from(sizes) });
  const call = { opType: 'Reshape', domain: '', attrs: {} };
  return nth(region.onnx(call, [inner, target], [nth(node.outputs, 0).type], node.origin, node), 0);
}

function haveSameShape({ facts }: Region, a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => decideEqual(size, nth(b, axis), facts).kind === 'proved');
}

function sourceOf({ source }: Value): Node | undefined {
  return source.kind === 'node' ? source.node : undefined;
}

/** The input of a transpose, and the axis of the input that each axis of the result comes from. */
function transposeOf(node: Node | undefined): { readonly x: Value; readonly perm: readonly number[] } | undefined {
  const x = inputOf(node, 'Transpose');
  const perm = node?.kind === 'onnx' ? node.call.attrs.perm : undefined;
  return x !== undefined && perm !== undefined && 'ints' in perm ? { x, perm: perm.ints } : undefined;
}

/** The input of a reshape, or of another operator that only reshapes. */
function reshapeOf(node: Node | undefined): Value | undefined {
  return inputOf(node, 'Reshape', 'Unsqueeze', 'Squeeze');
}

/** The first input of a standard operator of one of these types. */
function inputOf(node: Node | undefined, ...opTypes: readonly string[]): Value | undefined {
  if (node?.kind !== 'onnx' || !opTypes.includes(node.call.opType) || node.call.domain !== '') return undefined;
  const [x] = node.inputs;
  return x !== undefined && 'type' in x ? x : undefined;
}
