import type { Op } from '../ops/define.js';
import type { Rule } from '../ops/rule.js';
import { derivedRule } from '../ops/symbolic-rule.js';
import { TypedBuilder } from '../ops/typed-builder.js';
import type { NdArray, TensorType } from '../ops/types.js';
import type { Node, NodeInput, Origin, Region, Value } from './graph.js';

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

  protected write(
    op: Op,
    inputs: readonly NodeInput[],
    attrs: Readonly<Record<string, unknown>>,
    types: readonly TensorType[],
  ): readonly Value[] {
    return this.#region.op(op, inputs, attrs, types, this.#origin, this.#place);
  }
}
