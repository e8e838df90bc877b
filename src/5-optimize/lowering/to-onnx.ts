import { Captures } from '../../3-graph/captures.js';
import {
  Body,
  type ControlNode,
  capturesOf,
  Graph,
  inputValues,
  mapInputs,
  type Node,
  type NodeInput,
  operatorName,
  type Region,
  type Value,
} from '../../3-graph/graph.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import type { Facts } from '../../dims/facts.js';
import { bindInputs, mapBound } from '../../ops/bind.js';
import type { OpInput } from '../../ops/builder.js';
import type { Op } from '../../ops/define.js';
import { formOf } from '../../ops/forms.js';
import { nth } from '../../ops/only.js';
import type { Rule } from '../../ops/rule.js';
import { derivedRule } from '../../ops/symbolic-rule.js';
import { TypedBuilder } from '../../ops/typed-builder.js';
import type { NdArray, TensorType } from '../../ops/types.js';
import type { Recorder } from '../history.js';
import type { CoreOf } from '../passes/open-composites.js';
import type { LoweredSizes } from './lowered-sizes.js';
import { OnnxWriter } from './onnx-writer.js';

/**
 * A graph of ONNX nodes that computes what a graph of archc operators computes: each core operator in its own ONNX form, each composite in the first of its forms that
 * fits, and otherwise by its definition. Inputs, parameters, outputs and facts are the same, with sizes in the terms of `sizes`; nodes keep their origin. Control flow stays as
 * it is, with bodies of ONNX nodes.
 */
export function toOnnx(graph: Graph, on: CoreOf, sizes: LoweredSizes, history: Recorder): Graph {
  const result = new Graph(graph.name, graph.doc);
  result.facts = sizes.facts;
  result.stated = graph.stated;
  result.open = graph.open;
  for (const state of graph.states) result.addState(state);
  result.newSizes = graph.newSizes;
  const lowered = new Map<Value, Value>();
  for (const input of graph.inputs) lowered.set(input, result.input(input.hint ?? 'input', sizes.type(input.type)));
  for (const value of graph.parameters) {
    if (value.source.kind === 'parameter') lowered.set(value, result.parameter(value.source.parameter));
  }
  const made = graph.newSizes.map(({ name }) => name);
  new RegionLowering(result, new OnnxWriter(result, on, made), lowered, { on, sizes, history }).run(graph);
  return result;
}

/** What is the same for all regions of a graph. */
interface Context {
  readonly on: CoreOf;
  readonly sizes: LoweredSizes;
  readonly history: Recorder;
}

/** Lowers one region, whose inputs have been lowered, into another. */
class RegionLowering {
  readonly #to: Region;
  readonly #writer: OnnxWriter;
  readonly #lowered: Map<Value, Value>;
  readonly #context: Context;
  readonly #sizes: LoweredSizes;
  readonly #operators: Lowering;

  constructor(to: Region, writer: OnnxWriter, lowered: Map<Value, Value>, context: Context) {
    this.#to = to;
    this.#writer = writer;
    this.#lowered = lowered;
    this.#context = context;
    this.#sizes = context.sizes;
    this.#operators = new Lowering(writer, to.facts, context);
  }

  run(from: Region): void {
    for (const node of from.nodes) {
      this.#writer.at(node.origin);
      const outputs = this.#write(node);
      for (const [i, value] of node.outputs.entries()) {
        const output = outputs[i];
        if (output === undefined) throw new InternalError(`${operatorName(node)} did not make output ${i}`);
        this.#lowered.set(value, output);
        this.#writer.note(output);
      }
    }
    for (const { name, value, type } of from.outputs) this.#to.output(name, this.#find(value), type);
  }

  #find(value: Value): Value {
    const known = this.#lowered.get(value);
    if (known !== undefined) return known;
    if (value.source.kind !== 'constant') throw new InternalError(`a value of ${value.source.kind} is used before it is made`);
    const constant = this.#writer.constant(value.source.array);
    this.#lowered.set(value, constant);
    return constant;
  }

  #write(node: Node): readonly Value[] {
    const types = node.outputs.map((value) => this.#sizes.type(value.type));
    if (node.kind === 'cond' || node.kind === 'scan') return this.#control(node, types);
    const inputs = mapInputs(node.inputs, (value) => this.#find(value));
    if (node.kind === 'op') return this.#operators.apply(node.op, inputs, this.#sizes.attrs(node.attrs), types);
    const { opType, domain, attrs } = node.call;
    // Inputs of ONNX nodes are never lists.
    return this.#writer.verbatim(opType, inputs as readonly (Value | undefined)[], attrs, types, domain);
  }

  #control(node: ControlNode, types: readonly TensorType[]): readonly Value[] {
    const { inNode, inBody } = capturesOf(node);
    const inputs = inputValues(node).map((value) => this.#find(value));
    const bodies = node.bodies.map(() => new Body(this.#to));
    for (const [i, body] of bodies.entries())
      for (const { hint, type } of nth(node.bodies, i).inputs.slice(0, inBody)) body.input(hint ?? 'input', this.#sizes.type(type));
    const captures = new Captures(bodies);
    for (const [i, body] of bodies.entries()) {
      const from = nth(node.bodies, i);
      const lowered = new Map<Value, Value>();
      for (const [k, value] of from.inputs.entries())
        lowered.set(value, k < inBody ? nth(body.inputs, k) : captures.in(body, nth(inputs, k - inBody + inNode)));
      const writer = this.#writer.inside(body, (value) => captures.in(body, value));
      new RegionLowering(body, writer, lowered, this.#context).run(from);
    }
    const all = [...inputs.slice(0, inNode), ...captures.values];
    if (node.kind === 'cond') return this.#to.cond(all, [nth(bodies, 0), nth(bodies, 1)], types, node.origin);
    const steps = { ...node.steps, length: this.#sizes.size(node.steps.length) };
    return this.#to.scan(all, steps, nth(bodies, 0), types, node.origin);
  }
}

/** Writes operators as ONNX nodes; fused forms use it as a `Builder` for the operators around their own node. */
class Lowering extends TypedBuilder<Value> {
  readonly #writer: OnnxWriter;
  readonly #on: CoreOf;
  readonly #facts: Facts;
  readonly #history: Recorder;

  constructor(writer: OnnxWriter, facts: Facts, { on, history }: Pick<Context, 'on' | 'history'>) {
    super();
    this.#writer = writer;
    this.#facts = facts;
    this.#on = on;
    this.#history = history;
  }

  protected get rule(): Rule {
    return derivedRule(this.#facts);
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
    const form = this.#on.fused
      ? formOf(op, this.#on, { inputs: mapBound(bound, (value) => value.type), attrs, outputs: types })
      : undefined;
    this.#history.wrote(op, form?.name);
    if (form !== undefined) return form.onnx(this.#writer, bound, attrs, types, this);
    return op.lower(this, bound, attrs, types);
  }
}
