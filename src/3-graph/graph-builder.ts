import type { Op } from '../ops/define.js';
import type { Rule } from '../ops/rule.js';
import { derivedRule } from '../ops/symbolic-rule.js';
import { TypedBuilder } from '../ops/typed-builder.js';
import type { NdArray, TensorType } from '../ops/types.js';
import type { Graph, Node, NodeInput, Origin, Value } from './graph.js';

/**
 * Writes operators into a graph, before the node `place` or at its end: definitions of composites, gradient rules and rewrite rules are written through it. Types
 * follow from the shape rules of the operators, under the facts of the graph.
 */
export class GraphBuilder extends TypedBuilder<Value> {
  readonly #graph: Graph;
  readonly #origin: Origin;
  readonly #place: Node | undefined;

  constructor(graph: Graph, origin: Origin, place?: Node) {
    super();
    this.#graph = graph;
    this.#origin = origin;
    this.#place = place;
  }

  protected get rule(): Rule {
    return derivedRule(this.#graph.facts);
  }

  type(value: Value): TensorType {
    return value.type;
  }

  constant(array: NdArray): Value {
    return this.#graph.constant(array);
  }

  protected write(
    op: Op,
    inputs: readonly NodeInput[],
    attrs: Readonly<Record<string, unknown>>,
    types: readonly TensorType[],
  ): readonly Value[] {
    return this.#graph.op(op, inputs, attrs, types, this.#origin, this.#place);
  }
}
