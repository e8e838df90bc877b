import type { StateStart } from '../2-check/values/values.js';
import type { Graph, Value } from '../3-graph/graph.js';
import type { Span } from '../diagnostics/span.js';
import type { TensorType } from '../ops/types.js';

/** What a training graph carries from step to step: an input for each, and an output `NAME.next` for those that the step changes. */
export class TrainingState {
  readonly #graph: Graph;
  readonly #span: Span;
  readonly #carried = new Map<string, { readonly type: TensorType; readonly start: StateStart }>();
  readonly #changed = new Set<string>();

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
    this.#carried.set(name, { type, start });
    return this.#graph.input(name, type);
  }

  /** Lets a stored tensor of the model be carried, too. */
  stored(parameter: Value): void {
    this.#carried.set(parameter.hint ?? '', { type: parameter.type, start: { kind: 'stored' } });
    this.#graph.toInput(parameter);
  }

  /** Says what it is after the step. */
  next(name: string, value: Value): void {
    this.#changed.add(name);
    this.#graph.output(nextOf(name), value);
  }

  /** Says in the graph what is carried. */
  finish(): void {
    for (const [name, { type, start }] of this.#carried) {
      const state = { input: name, output: nextOf(name), start, span: this.#span };
      this.#graph.addState({ state, type, isRead: true, isSet: this.#changed.has(name) });
    }
  }
}

/** The name of the output that has a state after the step. */
export function nextOf(name: string): string {
  return `${name}.next`;
}
