import { type OpNode, Value } from '../../3-graph/graph.js';
import type { Dim } from '../../dims/dim.js';
import { joinedAttention } from '../../ops/attention/joined-attention.js';
import { formOf } from '../../ops/forms.js';
import { nth } from '../../ops/only.js';
import { rule } from '../rule.js';

interface Match {
  readonly node: OpNode;
  /** Queries, keys and values with the heads on the third axis, `[N, T, h, d]`. */
  readonly parts: readonly [Value, Value, Value];
}

/**
 * Leaves the heads of an attention where linear layers make and read them.
 *
 * Before: `y = attention(q.transpose(0, 2, 1, 3), k.transpose(0, 2, 1, 3), v.transpose(0, 2, 1, 3))`. After: `y = joined_attention(q, k, v)`, whose heads are side by side, with the transpose of the
 * result, which cancels against the one that follows. Only where the target has a kernel for it.
 */
export const joinHeads = rule<Match>({
  name: 'join-heads',
  summary: 'computes attention on heads that lie side by side, without transposes',
  level: 1,
  match: (node, { on }) => {
    if (node.op.name !== 'attention') return undefined;
    const [q, k, v] = node.inputs.slice(0, 3).map(beforeTranspose);
    if (q === undefined || k === undefined || v === undefined) return undefined;
    const [y] = node.outputs;
    const call = {
      inputs: { q: joinedType(q), k: joinedType(k), v: joinedType(v), mask: (node.inputs[3] as Value | undefined)?.type },
      attrs: attrsOf({ node, parts: [q, k, v] }),
      outputs: y === undefined ? [] : [{ dtype: y.type.dtype, shape: joinedShape(y.type.shape, [0, 2, 1, 3]) }],
    };
    return formOf(joinedAttention, on, call) === undefined ? undefined : { node, parts: [q, k, v] };
  },
  when: ({ node }) =>
    node.inputs.slice(0, 3).some((input) => input instanceof Value && input.users.size > 1)
      ? 'something else reads the transposed queries, keys or values'
      : undefined,
  rewrite: (g, match) => {
    const { node, parts } = match;
    const operands = parts.map((part) => g.reshape(part, joinedShape(part.type.shape)));
    const y = g.op('joined_attention', [...operands, node.inputs[3] as Value | undefined], attrsOf(match));
    const [batch, heads, rows, width] = nth(node.outputs, 0).type.shape as [Dim, Dim, Dim, Dim];
    return [g.transpose(g.reshape(y, [batch, rows, heads, width]), [0, 2, 1, 3])];
  },
});

/** What a value `[N, h, T, d]` was before its heads were moved ahead of its rows. */
function beforeTranspose(value: OpNode['inputs'][number]): Value | undefined {
  if (!(value instanceof Value) || value.source.kind !== 'node') return undefined;
  const { node } = value.source;
  const isMove =
    node.kind === 'op' && node.op.name === 'transpose' && (node.attrs.perm as readonly number[] | undefined)?.join() === '0,2,1,3';
  const [before] = node.inputs;
  return isMove && before instanceof Value ? before : undefined;
}

/** `[N, T, h*d]` of `[N, T, h, d]`, or of a shape whose axes are in another order. */
function joinedShape(
  shape: readonly Dim[],
  [batch, rows, heads, width]: readonly [number, number, number, number] = [0, 1, 2, 3],
): readonly Dim[] {
  return [nth(shape, batch), nth(shape, rows), nth(shape, heads).mul(nth(shape, width))];
}

function joinedType({ type: { dtype, shape } }: Value) {
  return { dtype, shape: joinedShape(shape) };
}

function attrsOf({ node: { attrs }, parts: [q, k] }: Match) {
  return { heads: nth(q.type.shape, 2), kv_heads: nth(k.type.shape, 2), causal: attrs.causal, scale: attrs.scale };
}
