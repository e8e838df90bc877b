import { biasOf, biasType, type LinearMap, linearMapAt, linearMapOf, writeMap } from '../linear/linear-map.js';
import { inSequence, ofConstantInput, sumOf, typeInSequence } from '../linear/weight-algebra.js';
import { rule } from '../rule.js';
import { elementsOf, refuseWeights } from '../stored-weights.js';

interface Match {
  readonly first: LinearMap;
  readonly second: LinearMap;
}

/**
 * Merges two linear layers in a row into one.
 *
 * Before: `y = (x @ a + b) @ c + d`. After: `y = x @ (a @ c) + (b @ c + d)`. Matrix products are associative. Only where the merged matrix has fewer numbers than the two, which is also how many multiplications
 * each row of `x` takes: two layers with few channels between them, as in an adapter or a factorized embedding, cost less when they are kept apart. ONNX Runtime does not do this.
 */
export const mergeLinear = rule<Match>({
  name: 'merge-linear',
  summary: 'merges two successive linear layers into one',
  level: 2,
  match: (node, cx) => {
    const second = linearMapAt(node, cx);
    const first = second && linearMapOf(second.x, cx);
    return first?.kind === 'matrix' && second?.kind === 'matrix' && first.fromLeft === second.fromLeft ? { first, second } : undefined;
  },
  when: ({ first, second }, cx) => {
    if (second.x.users.size > 1) return 'something else reads the result of the first product';
    const one = typeInSequence(first, second);
    if (elementsOf(one) >= elementsOf(first.weight.type) + elementsOf(second.weight.type))
      return `one product with a matrix of [${one.shape.join(', ')}] costs no less than the two`;
    const biases = [first.bias, second.bias].flatMap((bias) => bias ?? []);
    return refuseWeights(cx, {
      readers: [first.product, first.last, second.product, second.last],
      replaced: [first.weight, second.weight, ...biases],
      made: [one, ...(biases.length === 0 ? [] : [biasType(second, { axis: second.outputAxis })])],
    });
  },
  rewrite: (g, { first, second }) => {
    const before = biasOf(g, first);
    const carried = before === undefined ? undefined : ofConstantInput(g, second, before);
    const bias = sumOf(g, carried, biasOf(g, second));
    return [writeMap(g, second, { x: first.x, weight: inSequence(g, first, second), bias })];
  },
});
