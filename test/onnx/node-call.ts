import type { AttributeProto, NodeProto } from '../../src/6-emit/onnx/proto.js';
import type { Builder } from '../../src/ops/builder.js';
import type { NdArray } from '../../src/ops/types.js';

/** One ONNX node as its translation into archc operators sees it. */
export class NodeCall<V> {
  readonly g: Builder<V>;
  /** Inputs in the node's order. */
  readonly x: readonly (V | undefined)[];
  readonly node: NodeProto;
  readonly #stored: readonly (NdArray | undefined)[];
  /** Set where archc has the operator but not this variant: its shape is compared, its elements are not. */
  otherValues: string | undefined;

  constructor(g: Builder<V>, node: NodeProto, x: readonly (V | undefined)[], stored: readonly (NdArray | undefined)[]) {
    this.g = g;
    this.node = node;
    this.x = x;
    this.#stored = stored;
  }

  /** An input that must be there. */
  in(i: number): V {
    const value = this.x[i];
    if (value === undefined) throw new Error(`${this.node.opType} has no input ${i}`);
    return value;
  }

  /** The elements of an input that archc takes as an option; undefined if it is left out. */
  numbers(i: number): readonly number[] | undefined {
    const array = this.#stored[i];
    return array === undefined ? undefined : Array.from(array.data);
  }

  /** Whether the node names output `i`. */
  wants(i: number): boolean {
    return (this.node.output?.[i] ?? '') !== '';
  }

  int(name: string, fallback: number): number {
    const i = this.#attr(name)?.i;
    return i === undefined ? (this.#attr(name) === undefined ? fallback : 0) : Number(i);
  }

  ints(name: string): readonly number[] | undefined {
    return this.#attr(name)?.ints?.map(Number);
  }

  float(name: string, fallback: number): number {
    const attribute = this.#attr(name);
    return attribute === undefined ? fallback : (attribute.f ?? 0);
  }

  string(name: string, fallback: string): string {
    const s = this.#attr(name)?.s;
    return s === undefined ? fallback : new TextDecoder().decode(s);
  }

  has(name: string): boolean {
    return this.#attr(name) !== undefined;
  }

  attribute(name: string): AttributeProto | undefined {
    return this.#attr(name);
  }

  #attr(name: string): AttributeProto | undefined {
    return this.node.attribute?.find((attribute) => attribute.name === name);
  }
}

/** The node's outputs by archc operators; undefined for an output that archc's operator does not give. */
export type Translation = <V>(c: NodeCall<V>) => readonly (V | undefined)[];
