import type { Loop, LoopStep } from '../ops/builder.js';
import type { Op } from '../ops/define.js';
import type { Rule } from '../ops/rule.js';
import { derivedRule } from '../ops/symbolic-rule.js';
import { TypedBuilder } from '../ops/typed-builder.js';
import type { NdArray, TensorType } from '../ops/types.js';
import { Captures } from './captures.js';
import { Body, mapInputs, type Node, type NodeInput, type Origin, type Region, type Value } from './graph.js';

/**
 * Writes operators into a graph or body, before the node `place` or at its end: definitions of composites, gradient rules and rewrite rules are written through it. Types
 * follow from the shape rules of the operators, under the facts of the graph.
 */
export class GraphBuilder extends TypedBuilder<Value> {
  readonly #region: Region;
  readonly #origin: Origin;
  readonly #place: Node | undefined;

  constructor(region: Region, origin: Origin, place?: Node) {
    super();
    this.#region = region;
    this.#origin = origin;
    this.#place = place;
  }

  protected get rule(): Rule {
    return derivedRule(this.#region.facts);
  }

  type(value: Value): TensorType {
    return value.type;
  }

  constant(array: NdArray): Value {
    return this.#region.constant(array);
  }

  /** Writes a loop as a scan. */
  override loop({ carries, operands, length, reverse, step }: Loop<Value>): LoopStep<Value> {
    const body = new Body(this.#region);
    const state = carries.map(({ type, hint }) => body.input(hint ?? 'carry', type));
    const items = operands.map(({ type, hint }) => body.input(hint ?? 'item', { ...type, shape: type.shape.slice(1) }));
    const captures = new Captures([body]);
    const inner = new BodyBuilder(body, this.#origin, captures);
    const result = step(inner, state, items);
    for (const value of result.carries) body.output('carry', inner.read(value));
    for (const value of result.emits) body.output('emitted', inner.read(value));
    const steps = {
      carries: carries.length,
      operandAxes: operands.map(() => 0),
      emitAxes: result.emits.map(() => 0),
      reverse,
      length,
    };
    const types = [...carries.map(({ type }) => type), ...result.emits.map(({ type }) => ({ ...type, shape: [length, ...type.shape] }))];
    const inputs = [...carries, ...operands, ...captures.values].map((value) => this.read(value));
    const made = this.made(this.#region.scan(inputs, steps, body, types, this.#origin, this.#place));
    return { carries: made.slice(0, carries.length), emits: made.slice(carries.length) };
  }

  protected write(
    op: Op,
    inputs: readonly NodeInput[],
    attrs: Readonly<Record<string, unknown>>,
    types: readonly TensorType[],
  ): readonly Value[] {
    const read = mapInputs(inputs, (value) => this.read(value));
    return this.made(this.#region.op(op, read, attrs, types, this.#origin, this.#place));
  }

  /** A value as it is read where this builder writes. */
  read(value: Value): Value {
    return value;
  }

  /** Called with all values that are made. */
  protected made(values: readonly Value[]): readonly Value[] {
    return values;
  }
}

/** Writes into the body of a loop, which captures what it reads of the region around it. */
class BodyBuilder extends GraphBuilder {
  readonly #captures: Captures;
  readonly #body: Body;
  readonly #own: Set<Value>;

  constructor(body: Body, origin: Origin, captures: Captures) {
    super(body, origin);
    this.#body = body;
    this.#captures = captures;
    this.#own = new Set(body.inputs);
  }

  override read(value: Value): Value {
    return this.#own.has(value) ? value : this.#captures.in(this.#body, value);
  }

  protected override made(values: readonly Value[]): readonly Value[] {
    for (const value of values) this.#own.add(value);
    return values;
  }
}
