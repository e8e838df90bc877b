import { type Graph, mapInputs, type Node, operatorName, type Value } from '../../3-graph/graph.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import type { Facts } from '../../dims/facts.js';
import { HostError } from '../../host.js';
import { completeAttrs } from '../../ops/attributes.js';
import { bindInputs } from '../../ops/bind.js';
import { Builder, type OpInput } from '../../ops/builder.js';
import type { Op } from '../../ops/define.js';
import { type Target, targets } from '../../ops/onnx-builder.js';
import { opsets } from '../../ops/opsets.js';
import { opNamed } from '../../ops/registry.js';
import { SymbolicRule } from '../../ops/symbolic-rule.js';
import type { NdArray, TensorType } from '../../ops/types.js';
import { NodeWriter, type OnnxVariable } from './node-writer.js';
import type { OnnxGraph } from './onnx-graph.js';

export interface LoweringOptions {
  readonly target?: Target;
  readonly opset?: number;
  /** Whether composites may become one fused ONNX node (inference). False for training graphs. */
  readonly fused?: boolean;
}

/**
 * Turns a graph of archc operators into a graph of ONNX nodes: each core operator by its own ONNX form, each composite by its fused form if
 * it has one and otherwise by its definition. Values keep their types, nodes their source path.
 */
export function lowerToOnnx(graph: Graph, options: LoweringOptions = {}): OnnxGraph {
  const { target = 'portable', opset = opsets.min } = options;
  if (!Number.isInteger(opset) || opset < opsets.min || opset > opsets.max)
    throw new HostError(`archc writes the ONNX opsets ${opsets.min} to ${opsets.max}, not ${opset}`);
  if (!targets.includes(target)) throw new HostError(`archc writes for the targets ${targets.join(', ')}, not for ${target}`);
  const writer = new NodeWriter(graph, target, opset);
  const lowering = new Lowering(writer, graph.facts, options.fused ?? true);
  const lowered = new Map<Value, OnnxVariable>();
  for (const input of graph.inputs) lowered.set(input, writer.input(input));
  for (const parameter of graph.parameters) lowered.set(parameter, writer.parameter(parameter));

  const find = (value: Value): OnnxVariable => {
    const known = lowered.get(value);
    if (known !== undefined) return known;
    if (value.source.kind !== 'constant') throw new InternalError(`a value of ${value.source.kind} is used before it is made`);
    const constant = writer.constant(value.source.array);
    lowered.set(value, constant);
    return constant;
  };

  const write = (node: Node): readonly OnnxVariable[] => {
    const types = node.outputs.map((value) => value.type);
    const inputs = mapInputs(node.inputs, find);
    if (node.kind === 'op') return lowering.apply(node.op, inputs, node.attrs, types);
    const { opType, domain, attrs } = node.call;
    // No input of an ONNX node is a list.
    return writer.verbatim(opType, inputs as readonly (OnnxVariable | undefined)[], attrs, types, domain);
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
  return writer.finish(graph.outputs.map(({ name, type, value }) => ({ name, type, value: find(value) })));
}

/** Writes operators as ONNX nodes; composites use it as a `Builder` for their lowering. */
class Lowering extends Builder<OnnxVariable> {
  readonly #writer: NodeWriter;
  readonly #facts: Facts;
  readonly #fused: boolean;

  constructor(writer: NodeWriter, facts: Facts, fused: boolean) {
    super();
    this.#writer = writer;
    this.#facts = facts;
    this.#fused = fused;
  }

  type(value: OnnxVariable): TensorType {
    return value.type;
  }

  constant(array: NdArray): OnnxVariable {
    return this.#writer.constant(array);
  }

  call(name: string, inputs: readonly OpInput<OnnxVariable>[], attrs: Readonly<Record<string, unknown>> = {}): readonly OnnxVariable[] {
    const op = opNamed(name);
    if (op === undefined) throw new InternalError(`there is no operator ${name}`);
    const complete = completeAttrs(op, attrs);
    const rule = new SymbolicRule(this.#facts, () => {});
    const types = op.infer(
      rule,
      bindInputs(
        op,
        inputs.map((v) => mapInput(v, (x) => x.type)),
      ),
      complete,
    );
    return this.apply(op, inputs, complete, types);
  }

  apply(
    op: Op,
    inputs: readonly OpInput<OnnxVariable>[],
    attrs: Readonly<Record<string, unknown>>,
    types: readonly TensorType[],
  ): readonly OnnxVariable[] {
    const bound = bindInputs(op, inputs);
    if (op.kind === 'core') return op.onnx(this.#writer, bound, attrs, types);
    const fused = this.#fused ? op.fused?.(this.#writer, bound, attrs, types, this) : undefined;
    return fused ?? op.lower(this, bound, attrs, types);
  }
}

function mapInput<A, B>(input: OpInput<A>, map: (value: A) => B): OpInput<B> {
  if (input === undefined || input === null) return undefined;
  // An operator's value is never itself an array, so arrays are variadic inputs.
  return Array.isArray(input) ? (input as readonly A[]).map(map) : map(input as A);
}
