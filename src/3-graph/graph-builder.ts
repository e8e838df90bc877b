import { InternalError } from '../diagnostics/internal-error.js';
import { completeAttrs } from '../ops/attributes.js';
import { bindInputs } from '../ops/bind.js';
import { Builder, type OpInput } from '../ops/builder.js';
import type { Op } from '../ops/define.js';
import { opNamed } from '../ops/registry.js';
import { SymbolicRule } from '../ops/symbolic-rule.js';
import type { NdArray, TensorType } from '../ops/types.js';
import { type Graph, mapInputs, type Node, type NodeInput, type Origin, type Value } from './graph.js';

/**
 * Writes operators into a graph, before the node `place` or at its end: definitions of composites, gradient rules and rewrite rules are written through it. Types
 * follow from the shape rules of the operators, under the facts of the graph.
 */
export class GraphBuilder extends Builder<Value> {
  readonly #graph: Graph;
  readonly #origin: Origin;
  readonly #place: Node | undefined;

  constructor(graph: Graph, origin: Origin, place?: Node) {
    super();
    this.#graph = graph;
    this.#origin = origin;
    this.#place = place;
  }

  type(value: Value): TensorType {
    return value.type;
  }

  constant(array: NdArray): Value {
    return this.#graph.constant(array);
  }

  call(name: string, inputs: readonly OpInput<Value>[], attrs: Readonly<Record<string, unknown>> = {}): readonly Value[] {
    const op = opNamed(name);
    if (op === undefined) throw new InternalError(`there is no operator ${name}`);
    const given = inputs.map((input): NodeInput => input ?? undefined);
    const complete = completeAttrs(op, attrs);
    const rule = new SymbolicRule(this.#graph.facts, () => {});
    const types = op.infer(
      rule,
      bindInputs(
        op,
        mapInputs(given, (value) => value.type),
      ),
      complete,
    );
    return this.write(op, given, complete, types);
  }

  /** Applies an operator to inputs and complete attributes that are known to fit. */
  protected write(
    op: Op,
    inputs: readonly NodeInput[],
    attrs: Readonly<Record<string, unknown>>,
    types: readonly TensorType[],
  ): readonly Value[] {
    return this.#graph.op(op, inputs, attrs, types, this.#origin, this.#place);
  }
}
