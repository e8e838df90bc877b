import type { Span } from '../diagnostics/span.js';
import type { Op } from '../ops/define.js';
import type { OnnxCall } from '../ops/onnx-builder.js';
import type { ScanSteps } from '../ops/scan-steps.js';
import type { NdArray, TensorType } from '../ops/types.js';
import type { Body } from './graph.js';
import type { Parameter } from './parameter.js';

/** Where a node comes from. */
export interface Origin {
  /** Labels of the layers around the node, outermost first: `['encoder', 'layers.3', 'self_attn']`; empty at the top of the model. */
  readonly path: readonly string[];
  /** Kinds of those layers, preceded by the name of the model: one longer than `path`. */
  readonly kinds: readonly string[];
  readonly span: Span | undefined;
  /** The innermost use in a file of the user's, where `span` is in the standard library. */
  readonly use?: Span | undefined;
  /** The uses of the layers of `path`; undefined for what passes make. */
  readonly uses?: readonly Use[] | undefined;
}

/** One use of a layer. Two uses are never the same object, even those of one layer in one place of the source. */
export interface Use {
  readonly span: Span;
}

/** Where to report something about a node: in the user's file, where warnings can be allowed. */
export function reportedAt({ use, span }: Pick<Origin, 'use' | 'span'>): Span | undefined {
  return use ?? span;
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

/** A value that the graph gives to its caller. */
export interface GraphOutput {
  readonly kind: 'output';
  readonly name: string;
  /** What the model declares. The type of `value` may write the same sizes in another form. */
  readonly type: TensorType;
  readonly value: Value;
}

export type User = Node | GraphOutput;

/** An application of one of archc's operators, or of an ONNX operator that the user named, or control flow. */
export type Node = OpNode | OnnxNode | ControlNode;
export type ControlNode = CondNode | ScanNode;

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

/** Runs one of two bodies. Inputs are the condition, then what the bodies capture; these are the inputs of both. */
export interface CondNode extends AnyNode {
  readonly kind: 'cond';
  /** For a true condition, and for a false one. */
  readonly bodies: readonly [Body, Body];
}

/**
 * Runs a body once for each position along an axis. Inputs are the initial carries, the operands, then what the body captures. The inputs of the body are the
 * carries, one slice of each operand, and what it captures; its outputs are the next carries, then what it emits. The results are the last carries, and what was
 * emitted, stacked.
 */
export interface ScanNode extends AnyNode {
  readonly kind: 'scan';
  readonly bodies: readonly [Body];
  readonly steps: ScanSteps;
}

interface AnyNode {
  readonly inputs: readonly NodeInput[];
  readonly outputs: readonly Value[];
  readonly origin: Origin;
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
  if (node.kind === 'op') return node.op.name;
  if (node.kind !== 'onnx') return node.kind;
  return `${node.call.domain === '' ? 'onnx' : node.call.domain}.${node.call.opType}`;
}

/** Inputs with `f` of every value. */
export function mapInputs<T>(inputs: readonly NodeInput[], f: (value: Value) => T): readonly (T | readonly T[] | undefined)[] {
  return inputs.map((input) => (input === undefined ? undefined : input instanceof Value ? f(input) : input.map(f)));
}

/** The bodies of control flow; other nodes have none. */
export function bodiesOf(node: Node): readonly Body[] {
  return 'bodies' in node ? node.bodies : [];
}

/** Where among the inputs of a control-flow node the captured values begin, and where among those of its bodies. */
export function capturesOf(node: ControlNode): { readonly inNode: number; readonly inBody: number } {
  const own = node.kind === 'cond' ? 0 : node.steps.carries + node.steps.operandAxes.length;
  return { inNode: node.kind === 'cond' ? 1 : own, inBody: own };
}
