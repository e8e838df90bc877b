import type { StateStart } from '../2-check/values/values.js';
import type { Graph, Value } from '../3-graph/graph.js';
import type { GraphBuilder } from '../3-graph/graph-builder.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { Span } from '../diagnostics/span.js';
import type { TensorType } from '../ops/types.js';

interface Carried {
  /** The value before the step. */
  readonly before: Value;
  readonly start: StateStart;
}

/** What a training graph carries from step to step: an input for each, and an output `NAME.next` for those that the step changes. */
export class TrainingState {
  readonly #graph: Graph;
  readonly #span: Span;
  readonly #carried = new Map<string, Carried>();
  readonly #changed = new Set<string>();
  /** The states that a skipped step does not change. */
  readonly #kept = new Set<string>();

  constructor(graph: Graph, span: Span) {
    this.#graph = graph;
    this.#span = span;
  }

  /** The names in the order in which they came. */
  get names(): readonly string[] {
    return [...this.#carried.keys()];
  }

  /** The value before the step. */
  input(name: string, type: TensorType, start: StateStart): Value {
    const before = this.#graph.input(name, type);
    this.#carried.set(name, { before, start });
    return before;
  }

  /** Also carries a stored tensor of the model. */
  stored(parameter: Value): void {
    this.#carried.set(parameter.hint ?? '', { before: this.#graph.toInput(parameter), start: { kind: 'stored' } });
  }

  /** Sets the value after the step; a skipped step leaves it unchanged. */
  next(name: string, value: Value): void {
    this.#kept.add(name);
    this.always(name, value);
  }

  /** Sets the value after the step, even if that is skipped. */
  always(name: string, value: Value): void {
    this.#changed.add(name);
    this.#graph.output(nextOf(name), value);
  }

  /** Takes the step only if `isTaken`, a boolean, is true. All states must be known by then. */
  settle(g: GraphBuilder, isTaken: Value): void {
    const outputs = new Map(this.#graph.outputs.map((output) => [output.name, output]));
    for (const name of this.#kept) {
      const [output, known] = [outputs.get(nextOf(name)), this.#carried.get(name)];
      if (output === undefined || known === undefined) throw new InternalError(`${name} is changed, but not carried`);
      this.#graph.setOutput(output, g.where(isTaken, output.value, known.before));
    }
  }

  /** Declares in the graph what is carried. */
  finish(): void {
    for (const [name, { before, start }] of this.#carried) {
      const state = { name, input: name, output: nextOf(name), start, span: this.#span };
      this.#graph.addState({ state, type: before.type, isRead: true, isSet: this.#changed.has(name) });
    }
  }
}

/** The name of the output that has a state after the step. */
export function nextOf(name: string): string {
  return `${name}.next`;
}
