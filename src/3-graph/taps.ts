import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import { append } from '../lists.js';
import { knownAt, matcherOf, nearTo } from '../name-patterns.js';
import type { Graph, Value } from './graph.js';
import type { Level } from './level.js';

/** Patterns of the names of inner values. A pattern must match a value of at least one graph of the program. */
export class Patterns {
  readonly #matchers: readonly { readonly pattern: string; readonly matches: (name: string) => boolean }[];
  readonly #matched = new Set<string>();
  readonly #names: string[] = [];
  /** Names of values in control flow, which cannot be outputs. */
  readonly #inner = new Map<string, 'scan' | 'cond'>();

  constructor(patterns: readonly string[]) {
    this.#matchers = patterns.map((pattern) => ({ pattern, matches: matcherOf(pattern, { below: false }) }));
  }

  get isEmpty(): boolean {
    return this.#matchers.length === 0;
  }

  /** The names of one graph that a pattern matches; `inner` are the names of values in its control flow. */
  chosen(names: readonly string[], inner: ReadonlyMap<string, 'scan' | 'cond'>): ReadonlySet<string> {
    append(this.#names, names);
    for (const [name, within] of inner) this.#inner.set(name, within);
    const chosen = new Set<string>();
    for (const { pattern, matches } of this.#matchers) {
      const found = names.filter(matches);
      if (found.length > 0) this.#matched.add(pattern);
      for (const name of found) chosen.add(name);
    }
    return chosen;
  }

  /** Reports patterns that matched nothing in any graph. */
  reportUnmatched(report: Report, place: Span, model: string): void {
    const names = [...new Set(this.#names)];
    for (const { pattern, matches } of this.#matchers) {
      if (this.#matched.has(pattern)) continue;
      const [name, within] = [...this.#inner].find(([inner]) => matches(inner)) ?? [];
      if (name !== undefined && within !== undefined) report.add('inner-tap', place, { pattern, name, within });
      else report.add('unmatched-tap', place, { pattern, model, near: nearTo(pattern, names), known: knownAt(pattern, names) });
    }
  }
}

/**
 * Inner values that become outputs of a graph, chosen by patterns of their names: `encoder.layers.0.attn` is the result of the layer with these labels, and
 * `encoder.layers.0.attn.scores` the variable `scores` of its body.
 */
export class Taps {
  readonly #patterns: Patterns;
  readonly #values = new Map<string, Value>();
  /** Names of values in control flow, which cannot be outputs. */
  readonly #inner = new Map<string, 'scan' | 'cond'>();

  constructor(patterns: Patterns) {
    this.#patterns = patterns;
  }

  get isEmpty(): boolean {
    return this.#patterns.isEmpty;
  }

  /** Makes a value known by its name. If several values have one name, the last one counts: the last use of a shared layer, the last value of a variable. */
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
   * Adds an output for every value that a pattern matches. Values with the name of an input, output or weight are those of the model's own interface, and cannot be
   * added. `asOutput` converts a value to the element type of outputs.
   */
  addTo(graph: Graph, asOutput: (value: Value) => Value): void {
    if (this.isEmpty) return;
    const own = new Set([...graph.inputs, ...graph.parameters].map((value) => value.hint).concat(graph.outputs.map(({ name }) => name)));
    const isFree = (name: string) => !own.has(name);
    const chosen = this.#patterns.chosen([...this.#values.keys()].filter(isFree), this.#inner);
    for (const [name, value] of this.#values) if (chosen.has(name)) graph.output(name, asOutput(value));
  }
}
