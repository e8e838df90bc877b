import { Dim } from '../dims/dim.js';
import { append } from '../lists.js';
import { showType } from '../ops/types.js';
import { type Body, bodiesOf, type Graph, mapInputs, type Node, operatorName, type Region, type Value } from './graph.js';

/** A graph as text, one node per line, for golden files and for people: `%3 = relu(%2) : [N, 10]    # fc1`. */
export function printGraph(graph: Graph): string {
  const printer = new Printer();
  const lines = [`graph ${graph.name}`];
  for (const value of [...graph.inputs, ...graph.parameters])
    lines.push(`  ${value.source.kind} ${printer.named(value)} : ${showType(value.type)}`);
  append(lines, printer.nodes(graph, '  '));
  for (const { name, value } of graph.outputs) lines.push(`  output ${name} = ${printer.nameOf(value)}`);
  return `${lines.join('\n')}\n`;
}

class Printer {
  readonly #names = new Map<Value, string>();
  #count = 0;

  /** A value that has a name of its own. */
  named(value: Value): string {
    const name = value.hint ?? '?';
    this.#names.set(value, name);
    return name;
  }

  nameOf(value: Value): string {
    if (value.source.kind === 'constant') {
      const { data, shape } = value.source.array;
      return shape.length === 0 ? String(data[0]) : `constant[${shape.join(', ')}]`;
    }
    return this.#names.get(value) ?? '?';
  }

  nodes(region: Region, indent: string): readonly string[] {
    return [...region.nodes].flatMap((node) => this.#node(node, indent));
  }

  #numbered(value: Value): string {
    const name = `%${this.#count++}`;
    this.#names.set(value, name);
    return name;
  }

  #node(node: Node, indent: string): readonly string[] {
    const inputs = mapInputs(node.inputs, (value) => this.nameOf(value)).map((input) =>
      Array.isArray(input) ? `[${input.join(', ')}]` : (input ?? '-'),
    );
    const bodies = bodiesOf(node).flatMap((body, i) => this.#body(body, headOf(node, i), `${indent}  `));
    const outputs = node.outputs.map((value) => this.#numbered(value));
    const types = node.outputs.map((v) => showType(v.type)).join(', ');
    const scope = node.origin.path.join('.');
    const call = `${operatorName(node)}(${[...inputs, ...attrsOf(node)].join(', ')}) : ${types}${scope === '' ? '' : `    # ${scope}`}`;
    return [`${indent}${outputs.join(', ')} = ${call}`, ...bodies];
  }

  #body(body: Body, head: string, indent: string): readonly string[] {
    const inputs = body.inputs.map((value) => this.#numbered(value)).join(', ');
    const nodes = this.nodes(body, `${indent}  `);
    return [`${indent}${head}(${inputs})`, ...nodes, `${indent}  gives ${body.outputs.map(({ value }) => this.nameOf(value)).join(', ')}`];
  }
}

/** What a body of a control-flow node is. */
function headOf(node: Node, i: number): string {
  if (node.kind === 'scan') return 'each';
  return i === 0 ? 'then' : 'else';
}

function attrsOf(node: Node): readonly string[] {
  switch (node.kind) {
    case 'onnx':
      return Object.entries(node.call.attrs).map(([name, attr]) => `${name} = ${attrText(Object.values(attr)[0])}`);
    case 'op':
      return Object.entries(node.attrs).flatMap(([name, value]) => (value === undefined ? [] : [`${name} = ${attrText(value)}`]));
    case 'cond':
      return [];
    case 'scan': {
      const { carries, operandAxes, emitAxes, reverse, length } = node.steps;
      return [
        `carries = ${carries}`,
        `over = ${attrText(operandAxes)}`,
        `stack = ${attrText(emitAxes)}`,
        ...(reverse ? ['reverse'] : []),
        `length = ${length}`,
      ];
    }
  }
}

function attrText(value: unknown): string {
  if (value instanceof Dim) return String(value);
  if (Array.isArray(value)) return `[${value.map(attrText).join(', ')}]`;
  return typeof value === 'string' ? `"${value}"` : String(value);
}
