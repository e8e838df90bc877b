import { Graph, mapInputs, type Node, type NodeInput, operatorName, type Value } from '../../3-graph/graph.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import type { Facts } from '../../dims/facts.js';
import { bindInputs, mapBound } from '../../ops/bind.js';
import type { OpInput } from '../../ops/builder.js';
import type { Op } from '../../ops/define.js';
import { TypedBuilder } from '../../ops/typed-builder.js';
import type { NdArray, TensorType } from '../../ops/types.js';
import { type CoreOf, hasFusedForm } from '../passes/open-composites.js';
import { OnnxWriter } from './onnx-writer.js';

/**
 * A graph of ONNX nodes that computes what a graph of archc operators computes: each core operator in its own ONNX form, each composite in its fused form if it has
 * one and otherwise by its definition. Inputs, parameters, outputs and facts are the same; nodes keep their origin.
 */
export function toOnnx(graph: Graph, on: CoreOf): Graph {
  const result = new Graph(graph.name, graph.doc);
  result.facts = graph.facts;
  result.stated = graph.stated;
  result.open = graph.open;
  for (const state of graph.states) result.addState(state);
  const writer = new OnnxWriter(result, on);
  const lowering = new Lowering(writer, graph.facts, on);
  const lowered = new Map<Value, Value>();
  for (const input of graph.inputs) lowered.set(input, result.input(input.hint ?? 'input', input.type));
  for (const value of graph.parameters) {
    if (value.source.kind === 'parameter') lowered.set(value, result.parameter(value.source.parameter));
  }
  const find = (value: Value): Value => {
    const known = lowered.get(value);
    if (known !== undefined) return known;
    if (value.source.kind !== 'constant') throw new InternalError(`a value of ${value.source.kind} is used before it is made`);
    const constant = writer.constant(value.source.array);
    lowered.set(value, constant);
    return constant;
  };
  const write = (node: Node): readonly Value[] => {
    const types = node.outputs.map((value) => value.type);
    const inputs = mapInputs(node.inputs, find);
    if (node.kind === 'op') return lowering.apply(node.op, inputs, node.attrs, types);
    const { opType, domain, attrs } = node.call;
    // No input of an ONNX node is a list.
    return writer.verbatim(opType, inputs as readonly (Value | undefined)[], attrs, types, domain);
  };
  for (const node of graph.nodes) {
    writer.at(node.origin);
    const outputs = write(node);
    for (const [i, value] of node.outputs.entries()) {
      const output = outputs[i];
      if (output === undefined) throw new InternalError(`${operatorName(node)} did not make output ${i}`);
      lowered.set(value, output);
    }
  }
  for (const { name, value, type } of graph.outputs) result.output(name, find(value), type);
  return result;
}

/** Writes operators as ONNX nodes; fused forms use it as a `Builder` for what surrounds their node. */
class Lowering extends TypedBuilder<Value> {
  readonly #writer: OnnxWriter;
  readonly #on: CoreOf;
  protected readonly facts: Facts;

  constructor(writer: OnnxWriter, facts: Facts, on: CoreOf) {
    super();
    this.#writer = writer;
    this.facts = facts;
    this.#on = on;
  }

  type(value: Value): TensorType {
    return value.type;
  }

  constant(array: NdArray): Value {
    return this.#writer.constant(array);
  }

  protected write(
    op: Op,
    inputs: readonly NodeInput[],
    attrs: Readonly<Record<string, unknown>>,
    types: readonly TensorType[],
  ): readonly Value[] {
    return this.apply(op, inputs, attrs, types);
  }

  apply(
    op: Op,
    inputs: readonly OpInput<Value>[],
    attrs: Readonly<Record<string, unknown>>,
    types: readonly TensorType[],
  ): readonly Value[] {
    const bound = bindInputs(op, inputs);
    if (op.kind === 'core') return op.onnx(this.#writer, bound, attrs, types);
    const isFused =
      this.#on.fused &&
      hasFusedForm(
        op,
        this.#on,
        mapBound(bound, (value) => value.type),
        attrs,
        types,
      );
    if (isFused && op.fused !== undefined) return op.fused.onnx(this.#writer, bound, attrs, types, this);
    return op.lower(this, bound, attrs, types);
  }
}
