import type { Graph, Value } from '../../3-graph/graph.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import { factText } from '../../dims/fact-text.js';
import { mentioned, type NewSize } from '../../dims/new-size.js';
import type { NdArray, TensorType } from '../../ops/types.js';
import { Names } from './names.js';
import type { OnnxGraph, OnnxNode, OnnxValue } from './onnx-graph.js';

/**
 * A graph of ONNX nodes as plain data in which every tensor has a name: inputs, outputs and weights have their own, and nodes are named by the labels of the layers
 * around them. An output that is an input, a weight or another output gets an `Identity` of its own to carry the name.
 */
export function nameGraph(graph: Graph, opset: number): OnnxGraph {
  const names = new Names();
  for (const { name } of graph.outputs) names.take(name);
  const values = new Map<Value, OnnxValue>();
  const constants: { readonly value: OnnxValue; readonly array: NdArray }[] = [];
  const named = (value: Value, wanted: string, type: TensorType = value.type): OnnxValue => {
    const made = { name: names.take(wanted), type };
    values.set(value, made);
    return made;
  };
  const find = (value: Value): OnnxValue => {
    const known = values.get(value);
    if (known !== undefined) return known;
    if (value.source.kind !== 'constant') throw new InternalError(`a value of ${value.source.kind} is used before it is made`);
    const { array } = value.source;
    const made = named(value, `${array.shape.length === 0 ? 'scalar' : 'constant'}_${constants.length}`);
    constants.push({ value: made, array });
    return made;
  };
  const inputs = graph.inputs.map((value) => named(value, value.hint ?? 'input'));
  // A buffer that only training reads, such as the batch count of batch norm, would make ONNX Runtime warn about it.
  const parameters = graph.parameters.flatMap((value) => {
    if (value.source.kind !== 'parameter') return [];
    const { parameter } = value.source;
    const weight = named(value, parameter.name);
    return parameter.trainable || value.users.size > 0 ? [{ parameter, value: weight }] : [];
  });
  const results = new Map<Value, OnnxValue>();
  for (const { name, type, value } of graph.outputs)
    if (value.source.kind === 'node' && !results.has(value)) results.set(value, { name, type });
  const nodes: OnnxNode[] = [];
  for (const node of graph.nodes) {
    if (node.kind !== 'onnx') throw new InternalError(`${node.op.name} is not an ONNX node`);
    const given = node.inputs.map((input) => (input === undefined ? null : find(input as Value)));
    const name = names.take(`/${[...node.origin.path, node.call.opType].join('/')}`);
    const outputs = node.outputs.map((value, i) => {
      const result = results.get(value);
      const made = result ?? named(value, `${name}_output_${i}`);
      values.set(value, made);
      return made;
    });
    const written: OnnxNode = { name, ...node.call, inputs: given, outputs, ...node.origin };
    nodes.push(written);
  }
  const outputs = graph.outputs.map(({ name, type, value }): OnnxValue => {
    const result = results.get(value);
    if (result?.name === name) return result;
    const copy = { name, type };
    nodes.push(identity(names.take('/Identity'), find(value), copy));
    return copy;
  });
  return {
    name: graph.name,
    doc: graph.doc,
    inputs,
    outputs,
    parameters,
    constants,
    nodes,
    facts: graph.stated.map(factText),
    open: graph.open.map(factText),
    dataSizes: dataSizesOf(graph),
    opset,
    domains: Object.fromEntries(nodes.filter(({ domain }) => domain !== '').map(({ domain }) => [domain, 1])),
  };
}

function dataSizesOf({ newSizes, outputs }: Graph): readonly NewSize[] {
  const names = outputs.flatMap(({ type }) => type.shape.flatMap((size) => [...size.variables()]));
  return mentioned(newSizes, names).filter(({ by }) => by === 'data');
}

function identity(name: string, input: OnnxValue, output: OnnxValue): OnnxNode {
  return { name, opType: 'Identity', domain: '', inputs: [input], outputs: [output], attrs: {}, path: [], kinds: [], span: undefined };
}
