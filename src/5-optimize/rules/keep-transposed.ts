import { type Node, Value } from '../../3-graph/graph.js';
import { formOf } from '../../ops/forms.js';
import { transposedMatmul } from '../../ops/linalg/transposed-matmul.js';
import { rule } from '../rule.js';

interface Match {
  readonly x: Value;
  readonly weight: Value;
}

/**
 * Multiplies by a weight as it is stored, where the product is with its transpose.
 *
 * Before: `y = x @ transpose(w)`. After: `y = transposed_matmul(x, w)`. Tried after weights have been folded, so that what is left are weights that something else reads as they are, such as a tied
 * embedding. Only where the target has a kernel for it; elsewhere, ONNX Runtime stores a second, transposed copy of the weight when it loads the file.
 */
export const keepTransposed = rule<Match>({
  name: 'keep-transposed',
  summary: 'multiplies by a weight that is also read in its other layout, without a copy',
  level: 2,
  match: (node, { on, isWeight }) => {
    if (node.op.name !== 'matmul') return undefined;
    const [x, b] = node.inputs;
    if (!(x instanceof Value) || !(b instanceof Value) || b.source.kind !== 'node') return undefined;
    const weight = transposed(b.source.node);
    if (weight === undefined || !isWeight(weight) || x.type.shape.length < 2) return undefined;
    const call = { inputs: { x: x.type, w: weight.type }, attrs: {}, outputs: node.outputs.map(({ type }) => type) };
    return formOf(transposedMatmul, on, call) === undefined ? undefined : { x, weight };
  },
  rewrite: (g, { x, weight }) => [g.op('transposed_matmul', [x, weight])],
});

/** The matrix that a node transposes. */
function transposed(node: Node): Value | undefined {
  if (node.kind !== 'op' || node.op.name !== 'transpose') return undefined;
  const [before] = node.inputs;
  const perm = node.attrs.perm as readonly number[] | undefined;
  const swaps = before instanceof Value && before.type.shape.length === 2 && (perm ?? [1, 0]).join() === '1,0';
  return swaps ? before : undefined;
}
