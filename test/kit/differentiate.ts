import { type Graph, inputValues, type Node, type Origin, Value } from '../../src/3-graph/graph.js';
import { GraphBuilder } from '../../src/3-graph/graph-builder.js';
import { bindInputs } from '../../src/ops/bind.js';
import type { Inputs } from '../../src/ops/define.js';
import { isFloat } from '../../src/ops/types.js';

/**
 * Writes the gradient of a scalar to the end of a graph of core operators: the derivative of `of` with respect to each of `wrt`, by the gradient rules of the
 * operators, from the last node to the first. Values on which `of` does not depend are missing from the result.
 */
export function differentiate(graph: Graph, of: Value, wrt: readonly Value[], origin: Origin): ReadonlyMap<Value, Value> {
  const g = new GraphBuilder(graph, origin);
  const needed = dependents(graph, wrt);
  const gradients = new Map<Value, Value>([[of, g.scalar(1, of)]]);
  const add = (to: Value, gradient: Value) => {
    if (!needed.has(to)) return;
    const before = gradients.get(to);
    gradients.set(to, before === undefined ? gradient : g.add(before, gradient));
  };
  for (const node of [...graph.nodes].reverse()) {
    if (node.kind !== 'op' || node.op.kind !== 'core' || node.op.grad === 'none') continue;
    if (!node.outputs.some((value) => gradients.has(value) && needed.has(value))) continue;
    const dy = node.outputs.map((value) => gradients.get(value) ?? g.zerosLike(value));
    const found = node.op.grad(g, { x: bindInputs<Value>(node.op, node.inputs), y: node.outputs, dy, attrs: node.attrs });
    for (const [i, name] of Object.keys(node.op.inputs as Inputs).entries()) {
      const gradient = found[name];
      const to = [node.inputs[i] ?? []].flat();
      const from = gradient === undefined ? [] : gradient instanceof Value ? [gradient] : (gradient as readonly Value[]);
      for (const [k, value] of from.entries()) if (to[k] !== undefined) add(to[k], value);
    }
  }
  return new Map(wrt.flatMap((value) => (gradients.has(value) ? [[value, gradients.get(value) as Value] as const] : [])));
}

/** The float values that depend on any of these, including them. */
function dependents(graph: Graph, values: readonly Value[]): ReadonlySet<Value> {
  const found = new Set(values);
  const isReached = (node: Node) => inputValues(node).some((input) => found.has(input));
  for (const node of graph.nodes) {
    if (isReached(node)) for (const output of node.outputs) if (isFloat(output.type.dtype)) found.add(output);
  }
  return found;
}
