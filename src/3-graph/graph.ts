import { InternalError } from '../diagnostics/internal-error.js';
import type { Span } from '../diagnostics/span.js';
import { Dim } from '../dims/dim.js';
import { type Fact, Facts } from '../dims/facts.js';
import type { Op } from '../ops/define.js';
import type { OnnxAttr } from '../ops/onnx-builder.js';
import type { NdArray, TensorType } from '../ops/types.js';
import { OrderedSet } from './ordered-set.js';
import type { Parameter } from './parameter.js';
import type { StateInGraph } from './states.js';

/** Where a node comes from. */
export interface Origin {
  /** Labels of the layers around the node, outermost first: `['encoder', 'layers.3', 'self_attn']`; empty at the top of the model. */
  readonly path: readonly string[];
  /** Kinds of those layers, preceded by the name of the model: one longer than `path`. */
  readonly kinds: readonly string[];
  readonly span: Span | undefined;
}

export type Source =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'parameter'; readonly parameter: Parameter }
  | { readonly kind: 'constant'; readonly array: NdArray }
  | { readonly kind: 'node'; readonly node: Node; readonly index: number };

/** A tensor with one definition and any number of uses. */
export class Value {
  readonly type: TensorType;
  readonly source: Source;
  /** What the user called it, if anything: a hint for the name in the emitted file. */
  readonly hint: string | undefined;
  /** The nodes and graph outputs that read it. */
  readonly users: ReadonlySet<User> = new Set();

  constructor(type: TensorType, source: Source, hint?: string) {
    this.type = type;
    this.source = source;
    this.hint = hint;
  }
}

/** The same set, for the graph, which alone changes it. */
function usersOf(value: Value): Set<User> {
  return value.users as Set<User>;
}

/** A value that the graph gives to its caller. */
export interface GraphOutput {
  readonly kind: 'output';
  readonly name: string;
  /** What the model declares. The type of `value` may write the same sizes in another form. */
  readonly type: TensorType;
  readonly value: Value;
}

export type User = Node | GraphOutput;

/** An application of one of archc's operators, or of an ONNX operator that the user named. */
export type Node = OpNode | OnnxNode;

/** Inputs are in the order of the operator's table; an omitted optional one is `undefined`, a variadic one is a list. */
export interface OpNode extends AnyNode {
  readonly kind: 'op';
  readonly op: Op;
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** Inputs are in the order of the ONNX schema; an omitted one is `undefined`. */
export interface OnnxNode extends AnyNode {
  readonly kind: 'onnx';
  readonly call: OnnxCall;
}

interface AnyNode {
  readonly inputs: readonly NodeInput[];
  readonly outputs: readonly Value[];
  readonly origin: Origin;
}

export interface OnnxCall {
  readonly opType: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly attrs: Readonly<Record<string, OnnxAttr>>;
}

export type NodeInput = Value | readonly Value[] | undefined;

/** Every value that a node reads; one that it reads twice is listed twice. */
export function inputValues(node: Node): readonly Value[] {
  const values: Value[] = [];
  for (const input of node.inputs)
    if (input instanceof Value) values.push(input);
    else if (input !== undefined) for (const value of input) values.push(value);
  return values;
}

/** `archc` or ONNX name of what a node applies, for people: `relu`, `onnx.HardSwish`, `com.acme.Fused`. */
export function operatorName(node: Node): string {
  return node.kind === 'op' ? node.op.name : `${node.call.domain === '' ? 'onnx' : node.call.domain}.${node.call.opType}`;
}

/** Inputs with `f` of every value. */
export function mapInputs<T>(inputs: readonly NodeInput[], f: (value: Value) => T): readonly (T | readonly T[] | undefined)[] {
  return inputs.map((input) => (input === undefined ? undefined : input instanceof Value ? f(input) : input.map(f)));
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A model as an SSA graph: nodes in topological order, every value typed, and every value knows its users. It is edited through its methods only. `verify` says
 * whether an edit kept it legal.
 */
export class Graph {
  readonly name: string;
  readonly doc: string | undefined;
  readonly #inputs: Value[] = [];
  readonly #parameters: Value[] = [];
  readonly #outputs: GraphOutput[] = [];
  readonly #states: StateInGraph[] = [];
  readonly #nodes = new OrderedSet<Node>();
  /** What is known about the sizes of the inputs, stated or left open: proofs of the checker may rest on it, and lowering must not lose it. */
  facts: Facts = Facts.none;
  /** What the model states about its sizes. */
  stated: readonly Fact[] = [];
  /** What the checker could neither prove nor refute: a run must check it. */
  open: readonly Fact[] = [];

  constructor(name: string, doc?: string) {
    this.name = name;
    this.doc = doc;
  }

  get inputs(): readonly Value[] {
    return this.#inputs;
  }

  get parameters(): readonly Value[] {
    return this.#parameters;
  }

  get outputs(): readonly GraphOutput[] {
    return this.#outputs;
  }

  /** What is carried from call to call; the inputs and outputs for it are among the others. */
  get states(): readonly StateInGraph[] {
    return this.#states;
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

  addState(state: StateInGraph): void {
    this.#states.push(state);
  }

  parameter(parameter: Parameter): Value {
    const value = new Value(parameter.type, { kind: 'parameter', parameter }, parameter.name);
    this.#parameters.push(value);
    return value;
  }

  /** A constant; it has no node. */
  constant(array: NdArray): Value {
    return new Value({ dtype: array.dtype, shape: array.shape.map(Dim.of) }, { kind: 'constant', array });
  }

  output(name: string, value: Value, type: TensorType = value.type): void {
    const output: GraphOutput = { kind: 'output', name, type, value };
    this.#outputs.push(output);
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

  #insert(node: Mutable<Node>, types: readonly TensorType[], place: Node | undefined): readonly Value[] {
    node.outputs = types.map((type, index) => new Value(type, { kind: 'node', node, index }));
    for (const value of inputValues(node)) usersOf(value).add(node);
    this.#nodes.insert(node, place);
    return node.outputs;
  }

  /** Lets every user of `from`, graph outputs included, read `to` instead. Takes time proportional to the number of users. */
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

  /** Removes a node whose outputs nothing reads. */
  remove(node: Node): void {
    if (node.outputs.some((value) => value.users.size > 0))
      throw new InternalError(`${operatorName(node)} is removed, but its result is used`);
    this.#nodes.delete(node);
    for (const value of inputValues(node)) usersOf(value).delete(node);
  }
}
