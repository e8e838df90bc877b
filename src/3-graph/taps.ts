import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import { knownAt, matcherOf, nearTo } from '../name-patterns.js';
import type { Graph, Value } from './graph.js';
import type { Level } from './level.js';

/**
 * Inner values that become outputs of the graph, chosen by patterns of their names: `encoder.layers.0.attn` is the result of the layer with these labels, and
 * `encoder.layers.0.attn.scores` the variable `scores` of its body.
 */
export class Taps {
  readonly #patterns: readonly string[];
  readonly #values = new Map<string, Value>();
  /** Names of values in control flow, which cannot be outputs. */
  readonly #inner = new Map<string, 'scan' | 'cond'>();

  constructor(patterns: readonly string[]) {
    this.#patterns = patterns;
  }

  get isEmpty(): boolean {
    return this.#patterns.length === 0;
  }

  /** Makes a value known by its name. Of several values with one name, the last is meant: the last use of a shared layer, the last value of a variable. */
  note(path: readonly string[], name: string, value: Value, { within }: Level): void {
    if (this.isEmpty) return;
    const full = [...path, name].join('.');
    if (within !== undefined) {
      this.#inner.set(full, within);
      return;
    }
    this.#values.delete(full);
    this.#values.set(full, value);
  }

  /**
   * Adds an output for every value that a pattern matches, and reports patterns that match none. Values with the name of an input, output or weight are those of the
   * model's own interface, and cannot be added. `asOutput` converts a value to the element type of outputs.
   */
  addTo(graph: Graph, report: Report, model: Span, asOutput: (value: Value) => Value): void {
    if (this.isEmpty) return;
    const own = new Set([...graph.inputs, ...graph.parameters].map((value) => value.hint).concat(graph.outputs.map(({ name }) => name)));
    const names = [...this.#values.keys()].filter((name) => !own.has(name));
    const chosen = new Set<string>();
    for (const pattern of this.#patterns) {
      const matches = matcherOf(pattern, { below: false });
      const found = names.filter(matches);
      for (const name of found) chosen.add(name);
      const [inner, within] = [...this.#inner].find(([name]) => matches(name)) ?? [];
      if (found.length === 0 && inner !== undefined && within !== undefined)
        report.add('inner-tap', model, { pattern, name: inner, within });
      else if (found.length === 0)
        report.add('unmatched-tap', model, { pattern, model: graph.name, near: nearTo(pattern, names), known: knownAt(pattern, names) });
    }
    for (const [name, value] of this.#values) if (chosen.has(name)) graph.output(name, asOutput(value));
  }
}
