import { type OnnxNode, Value } from '../../3-graph/graph.js';
import { nth } from '../../ops/only.js';
import { sameShape } from '../../ops/sizes.js';
import { madeBy, numbersOf } from '../onnx-nodes.js';
import type { Pass } from '../pass.js';

/** The operators of ONNX that broadcast all of their inputs. */
const broadcasting = new Set(
  'Add And BitwiseAnd BitwiseOr BitwiseXor Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mod Mul Or Pow Sub Sum Where Xor'.split(
    ' ',
  ),
);

/**
 * Drops an expand whose result is read by an operator that broadcasts anyway.
 *
 * Before: `y = expand(b, [N, T, D]) * x`. After: `y = b * x`.
 * Another input must already have the shape of the result, so that this shape does not change. The expanded tensor is then neither written to memory nor read from it, and its sizes need not be
 * computed. Runs on ONNX nodes; such expands come from the gradients of sums and norms.
 */
export const dropExpands: Pass = {
  name: 'drop-expands',
  summary: 'removes repetitions of tensors for operators that broadcast',
  run(region) {
    let changes = 0;
    for (const node of region.nodes) {
      if (node.kind !== 'onnx' || node.call.domain !== '' || !broadcasting.has(node.call.opType)) continue;
      const inputs = withoutExpand(node);
      if (inputs === undefined) continue;
      const results = region.onnx(
        node.call,
        inputs,
        node.outputs.map(({ type }) => type),
        node.origin,
        node,
      );
      for (const [i, output] of node.outputs.entries()) region.replaceUses(output, nth(results, i));
      region.remove(node);
      changes++;
    }
    return changes;
  },
};

/** The inputs, with each needless expand replaced by its operand; undefined if there is none. */
function withoutExpand({ inputs, outputs }: OnnxNode): readonly (Value | undefined)[] | undefined {
  const [result] = outputs;
  const isWhole = (input: Value | undefined) => input !== undefined && result !== undefined && sameShape(input.type, result.type);
  // Inputs of ONNX nodes are never lists.
  const all = [...inputs] as (Value | undefined)[];
  let isChanged = false;
  for (const [i, input] of all.entries()) {
    const x = madeBy(input, 'Expand')?.inputs[0];
    if (!(x instanceof Value) || isReciprocal(x) || !all.some((other, k) => k !== i && isWhole(other))) continue;
    all[i] = x;
    isChanged = true;
  }
  return isChanged ? all : undefined;
}

/**
 * ONNX Runtime 1.30 rewrites `1 / n * x` as `x / n`, and may place that before the node that computes `x`, whereupon it rejects the graph. An expand of the quotient, as in the gradient of a mean,
 * prevents this.
 */
function isReciprocal(x: Value): boolean {
  return numbersOf(madeBy(x, 'Div')?.inputs[0])?.every((number) => number === 1) ?? false;
}
