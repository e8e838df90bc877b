import type { Span } from '../diagnostics/span.js';
import { Dim } from '../dims/dim.js';
import { type Fact, Facts } from '../dims/facts.js';
import { append } from '../lists.js';
import type { NdArray, TensorType } from '../ops/types.js';
import type { Parameter } from './parameter.js';

/** Where a node comes from. */
export interface Origin {
  /** Labels of the layers around the node, outermost first: `['encoder', 'layers.3', 'self_attn']`; empty at the model's top. */
  readonly path: readonly string[];
  /** Kinds of those layers, with the model's name before them: one longer than `path`. */
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

  constructor(type: TensorType, source: Source, hint?: string) {
    this.type = type;
    this.source = source;
    this.hint = hint;
  }
}

/** One application of an operator. Inputs are in the order of the operator's table; an absent optional one is `undefined`. */
export interface Node {
  readonly op: string;
  inputs: NodeInput[];
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly Value[];
  readonly origin: Origin;
}

export type NodeInput = Value | readonly Value[] | undefined;

export function inputValues(node: Node): readonly Value[] {
  return node.inputs.flatMap((input) => (input === undefined ? [] : input));
}

/** A model as an SSA graph: nodes in topological order, every value typed. Passes edit it only through its methods. */
export class Graph {
  readonly name: string;
  readonly doc: string | undefined;
  readonly inputs: Value[] = [];
  /** `type` is the model's declared type of an output; that of `value` may write the same sizes differently. */
  readonly outputs: { readonly name: string; readonly type: TensorType; value: Value }[] = [];
  readonly parameters: Value[] = [];
  readonly nodes: Node[] = [];
  /** What holds for the sizes of the inputs, stated or left open: proofs of the checker may rely on it, and lowering must preserve it. */
  facts: Facts = Facts.none;
  /** What the model states about its sizes. */
  stated: readonly Fact[] = [];
  /** What the checker could neither prove nor refute: a run must ensure it. */
  open: readonly Fact[] = [];

  constructor(name: string, doc?: string) {
    this.name = name;
    this.doc = doc;
  }

  input(name: string, type: TensorType): Value {
    const value = new Value(type, { kind: 'input', name }, name);
    this.inputs.push(value);
    return value;
  }

  parameter(parameter: Parameter): Value {
    const value = new Value(parameter.type, { kind: 'parameter', parameter }, parameter.name);
    this.parameters.push(value);
    return value;
  }

  /** A constant; it has no node. */
  constant(array: NdArray): Value {
    const shape = array.shape.map((n) => Dim.of(n));
    return new Value({ dtype: array.dtype, shape }, { kind: 'constant', array });
  }

  node(
    op: string,
    inputs: readonly NodeInput[],
    attrs: Readonly<Record<string, unknown>>,
    types: readonly TensorType[],
    origin: Origin,
  ): readonly Value[] {
    const outputs: Value[] = [];
    const node: Node = { op, inputs: [...inputs], attrs, outputs, origin };
    for (const [index, type] of types.entries()) outputs.push(new Value(type, { kind: 'node', node, index }));
    this.nodes.push(node);
    return outputs;
  }

  output(name: string, value: Value, type: TensorType = value.type): void {
    this.outputs.push({ name, type, value });
  }

  /** Makes every use of `from`, outputs included, use `to` instead. O(nodes); pass a map to do many at once. */
  replaceAllUses(replacements: ReadonlyMap<Value, Value>): void {
    const resolve = (value: Value): Value => {
      let current = value;
      for (let next = replacements.get(current); next !== undefined; next = replacements.get(current)) current = next;
      return current;
    };
    for (const node of this.nodes) {
      node.inputs = node.inputs.map((input) =>
        input === undefined ? undefined : input instanceof Value ? resolve(input) : input.map(resolve),
      );
    }
    for (const output of this.outputs) output.value = resolve(output.value);
  }

  /** Removes nodes that are no longer used. */
  remove(dead: ReadonlySet<Node>): void {
    const kept = this.nodes.filter((node) => !dead.has(node));
    this.nodes.length = 0;
    append(this.nodes, kept);
  }
}
