import { Dim } from '../../dims/dim.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import type { Shape } from '../types.js';

/**
 * `x` with its axes of size 1 repeated, and axes added in front, to reach a shape. An axis that becomes empty is cut off instead: ONNX Runtime 1.30 drops an Expand
 * whose constant shape holds nothing but ones and zeros.
 */
export function expandNode<V>(g: OnnxBuilder<V>, x: V, to: Shape): V {
  const { dtype, shape: from } = g.type(x);
  const added = to.length - from.length;
  const emptied = [...to.keys()].filter((axis) => to[axis]?.constant === 0 && from[axis - added]?.constant !== 0);
  const full = to.map((size, axis) => (emptied.includes(axis) ? Dim.one : size));
  // Expand broadcasts both ways: 1 keeps a size, so unchanged sizes need not be computed.
  const sizes = full.map((size, axis) => (from[axis - added]?.equals(size) ? Dim.one : size));
  const isExpanded = added > 0 || sizes.some((size) => size.constant !== 1);
  const expanded = isExpanded ? only(g.node('Expand', [x, g.dims(sizes)], {}, [{ dtype, shape: full }])) : x;
  if (emptied.length === 0) return expanded;
  const zeros = g.ints(emptied.map(() => 0));
  return only(g.node('Slice', [expanded, zeros, zeros, g.ints(emptied)], {}, [{ dtype, shape: to }]));
}
