import { type Graph, inputValues, type Value } from './graph.js';

/**
 * What is wrong with a graph, in words for authors of passes; empty for a valid one. Every value has one definition, which precedes its
 * uses; outputs exist; names of inputs, parameters and outputs are unique.
 */
export function verify(graph: Graph): readonly string[] {
  const problems: string[] = [];
  const defined = new Set<Value>([...graph.inputs, ...graph.parameters]);
  const isDefined = (value: Value) => value.source.kind === 'constant' || defined.has(value);
  for (const [i, node] of graph.nodes.entries()) {
    for (const input of inputValues(node)) if (!isDefined(input)) problems.push(`node ${i} (${node.op}) uses a value before it is defined`);
    for (const [k, output] of node.outputs.entries()) {
      if (defined.has(output)) problems.push(`output ${k} of node ${i} (${node.op}) is defined twice`);
      if (output.source.kind !== 'node' || output.source.node !== node || output.source.index !== k)
        problems.push(`output ${k} of node ${i} (${node.op}) points elsewhere`);
      defined.add(output);
    }
  }
  for (const { name, value } of graph.outputs) if (!isDefined(value)) problems.push(`the output ${name} is not defined`);
  const names = [...graph.inputs.map((v) => v.hint ?? ''), ...graph.parameters.map((v) => v.hint ?? '')];
  for (const name of new Set(names)) if (names.filter((n) => n === name).length > 1) problems.push(`two values are called ${name}`);
  const outputs = graph.outputs.map((o) => o.name);
  for (const name of new Set(outputs)) if (outputs.filter((n) => n === name).length > 1) problems.push(`two outputs are called ${name}`);
  return problems;
}
