import { Dim } from '../../dims/dim.js';
import type { Builder } from '../builder.js';
import type { OnnxAttr } from '../onnx-builder.js';
import { dtypeOfOnnx } from '../onnx-cast.js';
import { onnxSchema, parameterAt } from '../onnx-schema.js';
import { opsets } from '../opsets.js';
import type { Rule } from '../rule.js';
import type { DType, NdArray, TensorType } from '../types.js';

/** An attribute of a node. Only nodes of files have tensors among them. */
export type NodeAttr = OnnxAttr | { readonly tensor: NdArray };

/** A node of a standard ONNX operator, as plain data: a call in a program, or a node of a file. */
export interface OnnxNode {
  readonly opType: string;
  readonly attrs: Readonly<Record<string, NodeAttr>>;
  /** For each output in order, whether it is used. */
  readonly outputs: readonly boolean[];
}

/** An input of a node. */
export interface NodeInput<V> {
  readonly value: V;
  /** Its elements in row-major order, if they are known before the model runs: numbers, or sizes that may have names. */
  readonly elements?: ArrayLike<number | Dim> | undefined;
}

/** An output whose type alone is known: archc has no operators with the same meaning. */
export class TypeOnly {
  readonly type: TensorType;
  /** What archc lacks: `the LSTM has no peepholes`. */
  readonly why: string;

  constructor(type: TensorType, why: string) {
    this.type = type;
    this.why = why;
  }
}

/** The outputs of a node in order, as archc's operators compute them. */
export type Outputs<V> = readonly (V | TypeOnly)[];

/**
 * The meaning of an ONNX operator in archc's operators. It serves every `V`: types, float64 values, nodes of a graph. Throws `RuleFailure`
 * for inputs or attributes that the operator does not take, and `Untranslatable` if not even the types of the outputs can be told.
 */
export type Translation = <V>(c: OnnxCall<V>) => Outputs<V>;

/** Thrown by a translation, and caught in `translate`. */
export class Untranslatable extends Error {
  override readonly name = 'Untranslatable';
}

/** A node with its inputs, as its translation sees it. */
export class OnnxCall<V> {
  /** Makes the outputs. */
  readonly g: Builder<V>;
  /** Decides what ONNX demands of the call beyond what archc's operators do. */
  readonly rule: Rule;
  readonly node: OnnxNode;
  readonly #inputs: readonly (NodeInput<V> | undefined)[];

  constructor(g: Builder<V>, rule: Rule, node: OnnxNode, inputs: readonly (NodeInput<V> | undefined)[]) {
    this.g = g;
    this.rule = rule;
    this.node = node;
    this.#inputs = inputs;
  }

  /** How many inputs are given, up to the last one. */
  get count(): number {
    return this.#inputs.length;
  }

  /** An input that may be left out. */
  x(i: number): V | undefined {
    return this.#inputs[i]?.value;
  }

  /** An input that must be there. */
  in(i: number): V {
    const input = this.#inputs[i];
    if (input !== undefined) return input.value;
    return this.rule.fail('bad-option', { message: `\`onnx.${this.node.opType}\` needs its input \`${this.nameOf(i)}\`` });
  }

  /** All inputs, which must be there. */
  all(): readonly V[] {
    return this.#inputs.map((_, i) => this.in(i));
  }

  type(i: number): TensorType {
    return this.g.type(this.in(i));
  }

  shape(i: number): readonly Dim[] {
    return this.g.shape(this.in(i));
  }

  rank(i: number): number {
    return this.g.rank(this.in(i));
  }

  /** Whether the elements of an input are known as numbers, or the input is left out. */
  isKnown(i: number): boolean {
    return this.#inputs[i] === undefined || this.#constants(i) !== undefined;
  }

  /** The elements of an input, which must be known as numbers; undefined if it is left out. */
  numbers(i: number): readonly number[] | undefined {
    if (this.#inputs[i] === undefined) return undefined;
    return this.#constants(i) ?? this.#dependsOn(i);
  }

  /** The elements of an integer input, which must be known as sizes; undefined if it is left out. */
  sizes(i: number): readonly Dim[] | undefined {
    const input = this.#inputs[i];
    if (input === undefined) return undefined;
    const sizes = Array.from(input.elements ?? this.#dependsOn(i), asSize);
    return sizes.every((size) => size !== undefined) ? sizes : this.#dependsOn(i);
  }

  /** Whether output `i` is used. */
  wants(i: number): boolean {
    return this.node.outputs[i] === true;
  }

  has(name: string): boolean {
    return this.#attr(name) !== undefined;
  }

  int(name: string, fallback: number): number {
    const attr = this.#attr(name);
    return attr === undefined ? fallback : 'int' in attr ? attr.int : this.#isNot(name, 'an integer');
  }

  /** Whether an integer attribute is 1, which stands for true. */
  flag(name: string, fallback = false): boolean {
    return this.int(name, fallback ? 1 : 0) === 1;
  }

  ints(name: string): readonly number[] | undefined {
    const attr = this.#attr(name);
    return attr === undefined ? undefined : 'ints' in attr ? attr.ints : this.#isNot(name, 'a list of integers');
  }

  float(name: string, fallback: number): number {
    const attr = this.#attr(name);
    return attr === undefined ? fallback : 'float' in attr ? attr.float : this.#isNot(name, 'a number');
  }

  floats(name: string): readonly number[] | undefined {
    const attr = this.#attr(name);
    if (attr === undefined) return undefined;
    return 'floats' in attr ? attr.floats : this.#isNot(name, 'a list of numbers');
  }

  string(name: string, fallback: string): string {
    const attr = this.#attr(name);
    return attr === undefined ? fallback : 'string' in attr ? attr.string : this.#isNot(name, 'a string');
  }

  strings(name: string): readonly string[] | undefined {
    const attr = this.#attr(name);
    return attr === undefined ? undefined : 'strings' in attr ? attr.strings : this.#isNot(name, 'a list of strings');
  }

  tensor(name: string): NdArray | undefined {
    const attr = this.#attr(name);
    return attr === undefined ? undefined : 'tensor' in attr ? attr.tensor : this.#isNot(name, 'a tensor');
  }

  /** The element type that an attribute names. */
  dtype(name: string, fallback: DType): DType {
    if (!this.has(name)) return fallback;
    const number = this.int(name, 0);
    return number === 0 ? fallback : (dtypeOfOnnx(number) ?? this.unknown(`\`${name}\` is an element type that archc does not have`));
  }

  /** Ends the translation: archc cannot tell the types of the outputs. */
  unknown(why: string): never {
    throw new Untranslatable(why);
  }

  #constants(i: number): readonly number[] | undefined {
    const elements = this.#inputs[i]?.elements;
    if (elements === undefined) return undefined;
    const numbers = Array.from(elements, (element) => (typeof element === 'number' ? element : element.constant));
    return numbers.every((number) => number !== undefined) ? numbers : undefined;
  }

  #dependsOn(i: number): never {
    return this.unknown(`depends on the elements of \`${this.nameOf(i)}\``);
  }

  #attr(name: string): NodeAttr | undefined {
    return Object.hasOwn(this.node.attrs, name) ? this.node.attrs[name] : undefined;
  }

  #isNot(name: string, kind: string): never {
    return this.rule.fail('bad-option', { message: `the attribute \`${name}\` of \`onnx.${this.node.opType}\` must be ${kind}` });
  }

  /** The name of an input in ONNX. */
  nameOf(i: number): string {
    const parameters = onnxSchema(this.node.opType, opsets.max)?.inputs ?? [];
    return parameterAt(parameters, i)?.[0] ?? `${i + 1}`;
  }
}

/** A whole number as a size. ONNX writes "to the end" as the largest int64, which no size reaches. */
function asSize(element: number | Dim): Dim | undefined {
  if (typeof element !== 'number') return element;
  const { MAX_SAFE_INTEGER: most } = Number;
  const bounded = Math.min(Math.max(element, -most), most);
  return Number.isInteger(bounded) ? Dim.of(bounded) : undefined;
}
