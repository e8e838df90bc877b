import { type OpNode, Value } from '../../3-graph/graph.js';
import { nth } from '../../ops/only.js';
import { sameShape } from '../../ops/sizes.js';
import { biasOf, biasType, type LinearMap, linearMapOf, nameOf, writeMap } from '../linear/linear-map.js';
import { sumOf } from '../linear/weight-algebra.js';
import { rule } from '../rule.js';
import { refuseWeights } from '../stored-weights.js';

interface Match {
  readonly sum: OpNode;
  readonly maps: readonly [LinearMap, LinearMap];
  readonly biases: readonly [Value, Value];
}

/**
 * Adds one bias where two linear maps of different inputs are added, as where a residual connection has a projection of its own.
 *
 * Before: `y = (a @ w + b) + (z @ u + c)`. After: `y = a @ w + (z @ u + (b + c))`. That saves an addition of linear layers, and a vector of convolutions.
 */
export const mergeBiases = rule<Match>({
  name: 'merge-biases',
  summary: 'adds one bias instead of two where two linear layers or convolutions are added',
  level: 2,
  match: (sum, cx) => {
    const [a, b] = sum.inputs;
    if (sum.op.name !== 'add' || !(a instanceof Value) || !(b instanceof Value) || a === b || !sameShape(a.type, b.type)) return undefined;
    const [first, second] = [linearMapOf(a, cx), linearMapOf(b, cx)];
    if (first?.bias === undefined || second?.bias === undefined || first.outputAxis !== second.outputAxis) return undefined;
    return { sum, maps: [first, second], biases: [first.bias, second.bias] };
  },
  when: ({ sum, maps, biases }, cx) => {
    const read = maps.find(({ last }) => nth(last.outputs, 0).users.size > 1);
    if (read !== undefined) return `something else reads the result of a ${nameOf(read)}`;
    return refuseWeights(cx, {
      readers: [sum, ...maps.flatMap(({ product, last }) => [product, last])],
      replaced: biases,
      made: [biasType(maps[1], { axis: maps[1].outputAxis })],
    });
  },
  rewrite: (g, { maps: [first, second] }) => {
    const bias = sumOf(g, biasOf(g, first), biasOf(g, second));
    return [g.add(writeMap(g, first, { bias: undefined }), writeMap(g, second, { bias }))];
  },
});
