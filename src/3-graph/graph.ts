import { InternalError } from '../diagnostics/internal-error.js';
import { Dim } from '../dims/dim.js';
import type { Fact } from '../dims/fact.js';
import { Facts } from '../dims/facts.js';
import { boundsOf, type NewSize, renamedSize } from '../dims/new-size.js';
import { retain } from '../lists.js';
import type { Op } from '../ops/define.js';
import { nth } from '../ops/only.js';
import type { OnnxCall } from '../ops/onnx-builder.js';
import type { ScanSteps } from '../ops/scan-steps.js';
import type { DType, NdArray, TensorType } from '../ops/types.js';
import {
  bodiesOf,
  type ControlNode,
  capturesOf,
  type GraphOutput,
  inputValues,
  mapInputs,
  type Node,
  type NodeInput,
  type Origin,
  operatorName,
  type ScanNode,
  type User,
  Value,
} from './node.js';
import { OrderedSet } from './ordered-set.js';
import type { Parameter } from './parameter.js';
import type { StateInGraph } from './states.js';

export * from './node.js';

/** The users of a value as a mutable set, which only the graph changes. */
function usersOf(value: Value): Set<User> {
  return value.users as Set<User>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Nodes in topological order that compute outputs from inputs: a graph, or a body of a control-flow node. It is isolated: its nodes read its own values and
 * constants only. It is edited only through its methods; every value knows its users. `verify` says whether an edit kept it legal.
 */
export abstract class Region {
  readonly #inputs: Value[] = [];
  readonly #outputs: GraphOutput[] = [];
  readonly #nodes = new OrderedSet<Node>();
  /** What is known about sizes: proofs of the checker may rest on it, and lowering must not lose it. */
  abstract readonly facts: Facts;
  /** The sizes that come into being in the whole graph. The facts know their bounds. */
  abstract readonly newSizes: readonly NewSize[];

  /** A new size for a copy of what makes `made`. `replacements` are those of other sizes. */
  abstract copySize(made: NewSize, replacements: ReadonlyMap<string, Dim>): NewSize;

  get inputs(): readonly Value[] {
    return this.#inputs;
  }

  get outputs(): readonly GraphOutput[] {
    return this.#outputs;
  }

  /** In topological order. They may be edited during a walk, see `OrderedSet`. */
  get nodes(): Iterable<Node> & Pick<OrderedSet<Node>, 'size' | 'has' | 'reversed'> {
    return this.#nodes;
  }

  input(name: string, type: TensorType): Value {
    const value = new Value(type, { kind: 'input', name }, name);
    this.addInput(value);
    return value;
  }

  /** Adds an input that was made before it was known whether the graph reads it. */
  addInput(value: Value): void {
    this.#inputs.push(value);
  }

  /** Replaces an input by one of another element type. Nothing may read it yet. */
  retypeInput(input: Value, dtype: DType): Value {
    const value = new Value({ ...input.type, dtype }, input.source, input.hint);
    this.#inputs[this.#inputs.indexOf(input)] = value;
    return value;
  }

  /** A constant; it has no node, and may be read in every region. */
  constant(array: NdArray): Value {
    return new Value({ dtype: array.dtype, shape: array.shape.map(Dim.of) }, { kind: 'constant', array });
  }

  output(name: string, value: Value, type: TensorType = value.type): void {
    const output: GraphOutput = { kind: 'output', name, type, value };
    this.#outputs.push(output);
    usersOf(value).add(output);
  }

  /** Makes an output of the region give another value. */
  setOutput(output: GraphOutput, value: Value): void {
    usersOf(output.value).delete(output);
    (output as Mutable<GraphOutput>).value = value;
    usersOf(value).add(output);
  }

  /** Applies an operator to inputs that are known to fit, before the node `place` or at the end. `types` are those of its outputs. */
  op(
    op: Op,
    inputs: readonly NodeInput[],
    attrs: Readonly<Record<string, unknown>>,
    types: readonly TensorType[],
    origin: Origin,
    place?: Node,
  ): readonly Value[] {
    return this.#insert({ kind: 'op', op, inputs, attrs, outputs: [], origin }, types, place);
  }

  /** Applies an ONNX operator as it is, before the node `place` or at the end. */
  onnx(
    call: OnnxCall,
    inputs: readonly (Value | undefined)[],
    types: readonly TensorType[],
    origin: Origin,
    place?: Node,
  ): readonly Value[] {
    return this.#insert({ kind: 'onnx', call, inputs, outputs: [], origin }, types, place);
  }

  /** Chooses between two bodies, before the node `place` or at the end. `inputs` are the condition and what the bodies capture. */
  cond(
    inputs: readonly Value[],
    bodies: readonly [Body, Body],
    types: readonly TensorType[],
    origin: Origin,
    place?: Node,
  ): readonly Value[] {
    return this.#insert({ kind: 'cond', inputs, bodies, outputs: [], origin }, types, place);
  }

  /** Runs a body for each position along an axis, before the node `place` or at the end. */
  scan(
    inputs: readonly Value[],
    steps: ScanSteps,
    body: Body,
    types: readonly TensorType[],
    origin: Origin,
    place?: Node,
  ): readonly Value[] {
    return this.#insert({ kind: 'scan', inputs, steps, bodies: [body], outputs: [], origin }, types, place);
  }

  #insert(node: Mutable<Node>, types: readonly TensorType[], place: Node | undefined): readonly Value[] {
    node.outputs = types.map((type, index) => new Value(type, { kind: 'node', node, index }));
    for (const input of node.inputs)
      if (input instanceof Value) usersOf(input).add(node);
      else if (input !== undefined) for (const value of input) usersOf(value).add(node);
    this.#nodes.insert(node, place);
    return node.outputs;
  }

  /** Makes every user of `from`, including outputs, read `to` instead. Takes time proportional to the number of users. */
  replaceUses(from: Value, to: Value): void {
    if (from === to) return;
    const follow = (value: Value) => (value === from ? to : value);
    for (const user of usersOf(from)) {
      if (user.kind === 'output') (user as Mutable<GraphOutput>).value = to;
      else (user as Mutable<Node>).inputs = mapInputs(user.inputs, follow);
      usersOf(to).add(user);
    }
    usersOf(from).clear();
  }

  /** Makes one node read another value of the same type instead of `from`. */
  replaceInput(node: Node, from: Value, to: Value): void {
    (node as Mutable<Node>).inputs = mapInputs(node.inputs, (value) => (value === from ? to : value));
    usersOf(from).delete(node);
    usersOf(to).add(node);
  }

  /** Removes a node whose outputs nothing reads. */
  remove(node: Node): void {
    if (node.outputs.some((value) => value.users.size > 0))
      throw new InternalError(`${operatorName(node)} is removed, but its result is used`);
    this.#nodes.delete(node);
    forget(node);
  }

  /** Makes the bodies of a control-flow node capture one more value of this region; returns the value that represents it in each body. */
  capture(node: ControlNode, value: Value): readonly [Value, ...Value[]] {
    (node as Mutable<ControlNode>).inputs = [...node.inputs, value];
    usersOf(value).add(node);
    const [first, ...others] = node.bodies;
    const inside = (body: Body) => body.input(value.hint ?? 'captured', value.type);
    return [inside(first), ...others.map(inside)];
  }

  /** Removes results of a control-flow node that nothing reads, and the outputs of its bodies that give them. The carries of a scan stay. Returns how many there were. */
  dropResults(node: ControlNode): number {
    const carries = node.kind === 'cond' ? 0 : node.steps.carries;
    const isKept = node.outputs.map((value, i) => i < carries || value.users.size > 0);
    const count = isKept.filter((kept) => !kept).length;
    if (count === 0) return 0;
    for (const body of node.bodies) {
      for (const [i, output] of body.#outputs.entries()) if (!isKept[i]) usersOf(output.value).delete(output);
      retain(body.#outputs, (i) => isKept[i] === true);
    }
    const outputs = node.outputs.filter((_, i) => isKept[i]);
    for (const [index, { source }] of outputs.entries()) if (source.kind === 'node') (source as Mutable<typeof source>).index = index;
    (node as Mutable<ControlNode>).outputs = outputs;
    if (node.kind === 'scan') {
      const emitAxes = node.steps.emitAxes.filter((_, i) => isKept[carries + i]);
      (node as Mutable<ScanNode>).steps = { ...node.steps, emitAxes };
    }
    return count;
  }

  /** Removes values that a control-flow node captures twice, or that none of its bodies reads. Returns how many there were. */
  dropCaptures(node: ControlNode): number {
    const { inNode, inBody } = capturesOf(node);
    const all = inputValues(node);
    const inputAt = (body: Body, i: number) => nth(body.inputs, inBody + i - inNode);
    const first = new Map<Value, number>();
    for (const [i, value] of all.entries()) {
      if (i < inNode) continue;
      const before = first.get(value);
      if (before === undefined) first.set(value, i);
      else for (const body of node.bodies) body.replaceUses(inputAt(body, i), inputAt(body, before));
    }
    const isKept = all.map((_, i) => i < inNode || node.bodies.some((body) => inputAt(body, i).users.size > 0));
    const count = isKept.filter((kept) => !kept).length;
    if (count === 0) return 0;
    for (const body of node.bodies) retain(body.#inputs, (i) => i < inBody || isKept[i - inBody + inNode] === true);
    for (const value of all) usersOf(value).delete(node);
    (node as Mutable<ControlNode>).inputs = all.filter((_, i) => isKept[i]);
    for (const value of inputValues(node)) usersOf(value).add(node);
    return count;
  }
}

/** Removes a node and its bodies from the users of what they read. */
function forget(node: Node): void {
  for (const value of inputValues(node)) usersOf(value).delete(node);
  for (const body of bodiesOf(node)) body.discard();
}

/** A region that a control-flow node runs. Whatever it needs from the region around it is an input. */
export class Body extends Region {
  readonly #outer: Region;

  constructor(outer: Region) {
    super();
    this.#outer = outer;
  }

  get facts(): Facts {
    return this.#outer.facts;
  }

  get newSizes(): readonly NewSize[] {
    return this.#outer.newSizes;
  }

  /** Discards a body that no node runs any longer: constants, which all regions share, forget it. */
  discard(): void {
    for (const node of this.nodes) forget(node);
    for (const output of this.outputs) usersOf(output.value).delete(output);
  }

  copySize(made: NewSize, replacements: ReadonlyMap<string, Dim>): NewSize {
    return this.#outer.copySize(made, replacements);
  }
}

/** A model as an SSA graph: every value is typed. */
export class Graph extends Region {
  readonly name: string;
  readonly doc: string | undefined;
  readonly #parameters: Value[] = [];
  readonly #states: StateInGraph[] = [];
  facts: Facts = Facts.none;
  /** What the model states about its sizes. */
  stated: readonly Fact[] = [];
  /** What the checker could neither prove nor refute: a run must check it. */
  open: readonly Fact[] = [];
  newSizes: readonly NewSize[] = [];

  constructor(name: string, doc?: string) {
    super();
    this.name = name;
    this.doc = doc;
  }

  get parameters(): readonly Value[] {
    return this.#parameters;
  }

  copySize(made: NewSize, replacements: ReadonlyMap<string, Dim>): NewSize {
    const taken = new Set([
      ...this.newSizes.map(({ name }) => name),
      ...this.inputs.flatMap(({ type }) => type.shape.flatMap((size) => [...size.variables()])),
    ]);
    let name = made.name;
    for (let i = 2; taken.has(name); i++) name = `${made.name}_${i}`;
    const copy = renamedSize(made, name, replacements);
    this.newSizes = [...this.newSizes, copy];
    this.facts = this.facts.bound(name, boundsOf(copy));
    return copy;
  }

  /** What is carried from call to call; the inputs and outputs for it are among the others. */
  get states(): readonly StateInGraph[] {
    return this.#states;
  }

  addState(state: StateInGraph): void {
    this.#states.push(state);
  }

  parameter(parameter: Parameter): Value {
    const value = new Value(parameter.type, { kind: 'parameter', parameter }, parameter.name);
    this.#parameters.push(value);
    return value;
  }

  /** Removes stored tensors that nothing reads any longer, because others have been computed from them. */
  dropParameters(parameters: ReadonlySet<Value>): void {
    for (const { users, hint } of parameters)
      if (users.size > 0) throw new InternalError(`the parameter ${hint} is dropped, but something reads it`);
    retain(this.#parameters, (i) => !parameters.has(nth(this.#parameters, i)));
  }

  /** Turns a stored tensor into an input of the same name: what changes from call to call is not stored in the graph. */
  toInput(parameter: Value): Value {
    retain(this.#parameters, (i) => this.#parameters[i] !== parameter);
    const input = this.input(parameter.hint ?? 'weight', parameter.type);
    this.replaceUses(parameter, input);
    return input;
  }
}
