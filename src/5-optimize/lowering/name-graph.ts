import { type Body, type ControlNode, capturesOf, type Graph, type Node, type Region, type Value } from '../../3-graph/graph.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import { factText } from '../../dims/fact-text.js';
import { mentioned, type NewSize } from '../../dims/new-size.js';
import { nth } from '../../ops/only.js';
import type { OnnxAttr } from '../../ops/onnx-builder.js';
import { contribVersion, parameterAt, schemaOf } from '../../ops/onnx-schema.js';
import { opsets } from '../../ops/opsets.js';
import type { NdArray, TensorType } from '../../ops/types.js';
import type { LoweredSizes } from './lowered-sizes.js';
import { Names } from './names.js';
import { bodiesIn, type OnnxBody, type OnnxGraph, type OnnxNode, type OnnxValue } from './onnx-graph.js';

/**
 * A graph of ONNX nodes as plain data in which every tensor has a name: inputs, outputs and weights keep their own, and nodes are named after the labels of the layers
 * around them. An output that is an input, a weight or another output gets an `Identity` of its own to carry the name. `inputTypes` are those that the model declares; all other
 * types are shown as `sizes` says.
 */
export function nameGraph(graph: Graph, opset: number, inputTypes: readonly TensorType[], sizes: LoweredSizes): OnnxGraph {
  const names = new Names();
  for (const { name } of graph.outputs) names.take(name);
  const region = new NamedRegion(names, sizes);
  const inputs = graph.inputs.map((value, i) => region.named(value, value.hint ?? 'input', nth(inputTypes, i)));
  // A buffer that only training reads, such as the batch count of batch norm, would make ONNX Runtime warn about it.
  const parameters = graph.parameters.flatMap((value) => {
    if (value.source.kind !== 'parameter') return [];
    const { parameter } = value.source;
    const weight = region.named(value, parameter.name);
    return parameter.trainable || value.users.size > 0 ? [{ parameter, value: weight }] : [];
  });
  const outputs = region.write(
    graph,
    graph.outputs.map(({ name }) => name),
  );
  const { nodes, constants } = region;
  const all = [...nodes, ...bodiesIn(nodes).flatMap((body) => body.nodes)];
  return {
    name: graph.name,
    doc: graph.doc,
    inputs,
    outputs,
    parameters,
    constants,
    nodes,
    states: graph.states,
    facts: graph.stated.map(factText),
    open: graph.open.map(factText),
    dataSizes: dataSizesOf(graph),
    opset,
    domains: Object.fromEntries(all.filter(({ domain }) => domain !== '').map(({ domain }) => [domain, contribVersion])),
  };
}

/** The names of the values of one region. Those of bodies differ from those of the regions around them. */
class NamedRegion {
  readonly nodes: OnnxNode[] = [];
  readonly constants: { readonly value: OnnxValue; readonly array: NdArray }[] = [];
  readonly #names: Names;
  readonly #sizes: LoweredSizes;
  readonly #values = new Map<Value, OnnxValue>();

  constructor(names: Names, sizes: LoweredSizes) {
    this.#names = names;
    this.#sizes = sizes;
  }

  named(value: Value, wanted: string, type: TensorType = this.#sizes.shown(value.type)): OnnxValue {
    const made = { name: this.#names.take(wanted), type };
    this.#values.set(value, made);
    return made;
  }

  #find(value: Value): OnnxValue {
    const known = this.#values.get(value);
    if (known !== undefined) return known;
    if (value.source.kind !== 'constant') throw new InternalError(`a value of ${value.source.kind} is used before it is made`);
    const { array } = value.source;
    const made = this.named(value, `${array.shape.length === 0 ? 'scalar' : 'constant'}_${this.constants.length}`);
    this.constants.push({ value: made, array });
    return made;
  }

  /** Writes the nodes of a region whose inputs are named. `results` are the names of its outputs, which nothing else has. */
  write(region: Region, results: readonly string[]): readonly OnnxValue[] {
    const wanted = new Map<Value, OnnxValue>();
    for (const [i, { type, value }] of region.outputs.entries())
      if (value.source.kind === 'node' && !wanted.has(value)) wanted.set(value, { name: nth(results, i), type });
    for (const node of region.nodes) this.#node(node, wanted);
    return region.outputs.map(({ type, value }, i): OnnxValue => {
      const result = wanted.get(value);
      const name = nth(results, i);
      if (result?.name === name) return result;
      const copy = { name, type };
      this.nodes.push(identity(this.#names.take('/Identity'), this.#find(value), copy));
      return copy;
    });
  }

  #node(node: Node, wanted: ReadonlyMap<Value, OnnxValue>): void {
    const { opType, domain, attrs } = callOf(node);
    const name = this.#names.take(`/${[...node.origin.path, opType].join('/')}`);
    const inputs = node.inputs.map((input) => (input === undefined ? null : this.#find(input as Value)));
    const outputs = node.outputs.map((value, i) => {
      if (isLeftOut(node, value, i)) return null;
      const result = wanted.get(value);
      const made = result ?? this.named(value, `${name}_output_${i}`);
      this.#values.set(value, made);
      return made;
    });
    const written: OnnxNode = { name, opType, domain, inputs, outputs, attrs, ...node.origin };
    this.nodes.push('bodies' in node ? { ...written, ...this.#control(node, written) } : written);
  }

  /** Bodies read what they capture by its name outside. */
  #control(node: ControlNode, { name, inputs }: OnnxNode): Pick<OnnxNode, 'inputs' | 'bodies'> {
    const { inNode, inBody } = capturesOf(node);
    const bodies = node.bodies.map((body, i): readonly [string, OnnxBody] => {
      const attr = bodyName(node, i);
      return [attr, this.#body(body, `${name}/${attr}`, inBody, inputs.slice(inNode))];
    });
    return { inputs: inputs.slice(0, inNode), bodies: Object.fromEntries(bodies) };
  }

  #body(body: Body, name: string, own: number, captured: OnnxNode['inputs']): OnnxBody {
    const inner = new NamedRegion(this.#names, this.#sizes);
    const inputs = body.inputs.slice(0, own).map((value) => inner.named(value, `${name}/${value.hint ?? 'input'}`));
    for (const [i, value] of body.inputs.slice(own).entries()) inner.#values.set(value, nth(captured, i) as OnnxValue); // given
    const results = body.outputs.map((output) => this.#names.take(`${name}/${output.name}`));
    const outputs = inner.write(body, results);
    return { name, inputs, outputs, constants: inner.constants, nodes: inner.nodes };
  }
}

function bodyName(node: ControlNode, i: number): string {
  if (node.kind === 'scan') return 'body';
  return i === 0 ? 'then_branch' : 'else_branch';
}

function callOf(node: Node): Pick<OnnxNode, 'opType' | 'domain' | 'attrs'> {
  switch (node.kind) {
    case 'op':
      throw new InternalError(`${node.op.name} is not an ONNX node`);
    case 'onnx':
      return node.call;
    case 'cond':
      return { opType: 'If', domain: '', attrs: {} };
    case 'scan':
      return { opType: 'Scan', domain: '', attrs: scanAttrs(node) };
  }
}

function scanAttrs({ steps }: Extract<Node, { kind: 'scan' }>): Readonly<Record<string, OnnxAttr>> {
  const { operandAxes, emitAxes, reverse } = steps;
  const direction = reverse ? 1 : 0;
  return {
    num_scan_inputs: { int: operandAxes.length },
    scan_input_axes: { ints: operandAxes },
    scan_input_directions: { ints: operandAxes.map(() => direction) },
    ...(emitAxes.length === 0
      ? {}
      : { scan_output_axes: { ints: emitAxes }, scan_output_directions: { ints: emitAxes.map(() => direction) } }),
  };
}

/** Whether an optional output of one of ONNX Runtime's own operators is left out because nothing reads it. Some are for training only, and the kernels do not compute them. */
function isLeftOut(node: Node, { users }: Value, index: number): boolean {
  if (node.kind !== 'onnx' || node.call.domain === '' || users.size > 0) return false;
  return parameterAt(schemaOf(node.call, opsets.max)?.outputs ?? [], index)?.[2] === 'optional';
}

function dataSizesOf({ newSizes, outputs }: Graph): readonly NewSize[] {
  const names = outputs.flatMap(({ type }) => type.shape.flatMap((size) => [...size.variables()]));
  return mentioned(newSizes, names).filter(({ by }) => by === 'data');
}

function identity(name: string, input: OnnxValue, output: OnnxValue): OnnxNode {
  return { name, opType: 'Identity', domain: '', inputs: [input], outputs: [output], attrs: {}, path: [], kinds: [], span: undefined };
}
