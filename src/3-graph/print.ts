import { Dim } from '../dims/dim.js';
import { showType } from '../ops/types.js';
import { type Graph, mapInputs, type Node, operatorName, type Value } from './graph.js';

/** A graph as text, one node per line, for golden files and for people: `%3 = relu(%2) : [N, 10]    # fc1`. */
export function printGraph(graph: Graph): string {
  const names = new Map<Value, string>();
  const nameOf = (value: Value): string => {
    if (value.source.kind === 'constant') {
      const { data, shape } = value.source.array;
      return shape.length === 0 ? String(data[0]) : `constant[${shape.join(', ')}]`;
    }
    return names.get(value) ?? '?';
  };
  const lines = [`graph ${graph.name}`];
  for (const value of [...graph.inputs, ...graph.parameters]) {
    names.set(value, value.hint ?? '?');
    lines.push(`  ${value.source.kind} ${value.hint} : ${showType(value.type)}`);
  }
  for (const node of graph.nodes) {
    for (const output of node.outputs) names.set(output, `%${names.size - graph.inputs.length - graph.parameters.length}`);
    const inputs = mapInputs(node.inputs, nameOf).map((input) => (Array.isArray(input) ? `[${input.join(', ')}]` : (input ?? '-')));
    const types = node.outputs.map((v) => showType(v.type)).join(', ');
    const scope = node.origin.path.join('.');
    lines.push(
      `  ${node.outputs.map((v) => names.get(v)).join(', ')} = ${operatorName(node)}(${[...inputs, ...attrsOf(node)].join(', ')}) : ${types}${scope === '' ? '' : `    # ${scope}`}`,
    );
  }
  for (const { name, value } of graph.outputs) lines.push(`  output ${name} = ${nameOf(value)}`);
  return `${lines.join('\n')}\n`;
}

function attrsOf(node: Node): readonly string[] {
  if (node.kind === 'onnx') return Object.entries(node.call.attrs).map(([name, attr]) => `${name} = ${attrText(Object.values(attr)[0])}`);
  return Object.entries(node.attrs).flatMap(([name, value]) => (value === undefined ? [] : [`${name} = ${attrText(value)}`]));
}

function attrText(value: unknown): string {
  if (value instanceof Dim) return String(value);
  if (Array.isArray(value)) return `[${value.map(attrText).join(', ')}]`;
  return typeof value === 'string' ? `"${value}"` : String(value);
}
