import { type OpNode, Value } from '../../3-graph/graph.js';
import type { GraphBuilder } from '../../3-graph/graph-builder.js';
import { nth } from '../../ops/only.js';
import { fromStart } from '../../ops/sizes.js';
import type { PerChannel } from './per-channel.js';

const moves: ReadonlySet<string> = new Set(['transpose', 'reshape', 'unsqueeze', 'squeeze']);

/** Whether a node only changes the order or the shape of the elements of a tensor: multiplying all of them by a scalar gives the same before and after it. */
export function isMove(node: OpNode): boolean {
  return moves.has(node.op.name);
}

/** The moves that lead to a value, in order, and what they move. Nothing else reads the values in between. */
export function movesTo(value: Value): { readonly from: Value; readonly path: readonly OpNode[] } {
  const path: OpNode[] = [];
  let from = value;
  while (from.users.size === 1 && from.source.kind === 'node' && from.source.node.kind === 'op' && isMove(from.source.node)) {
    const [input] = from.source.node.inputs;
    if (!(input instanceof Value)) break;
    path.unshift(from.source.node);
    from = input;
  }
  return { from, path };
}

/** Applies the same moves to another value. */
export function moved(g: GraphBuilder, value: Value, path: readonly OpNode[]): Value {
  return path.reduce((x, { op, attrs }) => g.op(op.name, [x], attrs), value);
}

/** Where the channels are after moves; undefined after any move but a transpose, since a reshape may mix them with others. */
export function channelsAfter(per: PerChannel, path: readonly OpNode[]): PerChannel | undefined {
  let now = per;
  for (const { op, attrs, outputs } of path) {
    if (now === 'scalar') return now;
    if (op.name !== 'transpose') return undefined;
    const rank = nth(outputs, 0).type.shape.length;
    const perm = attrs.perm as readonly number[] | undefined;
    const { axis } = now;
    now = { axis: perm === undefined ? rank - 1 - axis : perm.findIndex((from) => fromStart(from, rank) === axis) };
  }
  return now;
}
