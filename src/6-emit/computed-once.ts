import { type Body, type ControlNode, capturesOf, type Graph, inputValues, type Node, type Region, type Value } from '../3-graph/graph.js';
import { nth } from '../ops/only.js';

/** The nodes that depend only on weights, such as the transpose of a weight: they are computed once, when the model is loaded, and a run does not pay for them. */
export function computedOnce(graph: Graph): ReadonlySet<Node> {
  const once = new Set<Node>();
  const fixed = new Set<Value>(graph.parameters);
  const isFixed = (value: Value) => value.source.kind === 'constant' || fixed.has(value);
  const visitBody = (node: ControlNode, body: Body): void => {
    const { inNode, inBody } = capturesOf(node);
    for (const [i, value] of inputValues(node).slice(inNode).entries()) if (isFixed(value)) fixed.add(nth(body.inputs, inBody + i));
    visit(body);
  };
  const visit = (region: Region): void => {
    for (const node of region.nodes) {
      const inputs = inputValues(node);
      if (inputs.length > 0 && inputs.every(isFixed)) {
        once.add(node);
        for (const output of node.outputs) fixed.add(output);
      } else if ('bodies' in node) for (const body of node.bodies) visitBody(node, body);
    }
  };
  visit(graph);
  return once;
}
