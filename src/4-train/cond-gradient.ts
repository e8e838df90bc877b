import { Captures } from '../3-graph/captures.js';
import { copyInto } from '../3-graph/copy.js';
import { Body, type CondNode, inputValues, type Region, type Value } from '../3-graph/graph.js';
import { GraphBuilder } from '../3-graph/graph-builder.js';
import { nth } from '../ops/only.js';
import type { Contributions, UseOfNode } from './gradients.js';

/**
 * The gradient of a choice chooses by the same condition between the gradients of the two sides. Each computes what it needs of its side again, so that nothing of the
 * side that is not taken runs.
 */
export function condGradient(region: Region, node: CondNode, { dy, isWanted, onMissing, differentiate }: UseOfNode): Contributions {
  const [condition, ...captured] = inputValues(node) as readonly [Value, ...Value[]];
  const wanted = captured.map((value, i) => ({ value, i })).filter(({ value }) => isWanted(value));
  const bodies = [new Body(region), new Body(region)] as const;
  const captures = new Captures(bodies);
  for (const [k, body] of bodies.entries()) {
    const side = nth(node.bodies, k);
    const inside = captured.map((value) => captures.in(body, value));
    const results = copyInto(body, side, new Map(side.inputs.map((value, i) => [value, nth(inside, i)])));
    const from = new Map<Value, Value>();
    const g = new GraphBuilder(body, node.origin);
    for (const [j, result] of results.entries()) {
      const gradient = dy(nth(node.outputs, j));
      if (gradient === undefined) continue;
      const before = from.get(result);
      const more = captures.in(body, gradient);
      from.set(result, before === undefined ? more : g.add(before, more));
    }
    const found = differentiate(body, { from, of: wanted.map(({ i }) => nth(inside, i)), onMissing });
    for (const { value, i } of wanted) {
      const own = nth(inside, i);
      body.output(`gradient_of_${value.hint ?? i}`, found.get(own) ?? g.zerosLike(own));
    }
  }
  const types = wanted.map(({ value }) => value.type);
  const gradients = region.cond([condition, ...captures.values], bodies, types, node.origin);
  return wanted.map(({ value }, i) => [value, nth(gradients, i)] as const);
}
