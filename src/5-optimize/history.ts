import type { Graph } from '../3-graph/graph.js';
import { type Node, reportedAt } from '../3-graph/node.js';
import { regionsIn } from '../3-graph/regions.js';
import type { Span } from '../diagnostics/span.js';
import type { Op } from '../ops/define.js';
import type { Pass } from './pass.js';

/** One place where a rule applied, or matched and was refused. */
export interface RuleEvent {
  readonly rule: string;
  /** The labels of the enclosing layers. */
  readonly path: readonly string[];
  readonly span: Span | undefined;
  /** Why the rule did not apply; undefined where it did. */
  readonly refusal: string | undefined;
  /** Details of the rewrite, if there is more to say than that the rule applied. */
  readonly note?: string | undefined;
}

/** One run of a pass over a graph and its bodies. */
export interface PassEvent {
  readonly pass: string;
  readonly summary: string;
  readonly changes: number;
  /** How many nodes the graph has afterwards, including those in bodies. */
  readonly nodes: number;
}

/** How calls of an operator that has several forms were written. */
export interface FormEvent {
  readonly operator: string;
  /** The name of the form; undefined for the operator's definition, which is the fallback where no form fits. */
  readonly form: string | undefined;
  readonly calls: number;
}

/** What optimization did to a graph, in order. */
export interface History {
  readonly passes: readonly PassEvent[];
  /** Without repeated refusals: a rule that tries the same place again gives the same answer. */
  readonly rules: readonly RuleEvent[];
  /** Sorted by operator. */
  readonly forms: readonly FormEvent[];
}

/** The history that passes write to. */
export class Recorder implements History {
  readonly passes: PassEvent[] = [];
  readonly #refusals = new Map<string, RuleEvent>();
  readonly #applied: RuleEvent[] = [];
  readonly #forms = new Map<string, FormEvent>();

  get rules(): readonly RuleEvent[] {
    return [...this.#applied, ...this.#refusals.values()];
  }

  get forms(): readonly FormEvent[] {
    return [...this.#forms.values()].sort((a, b) => (a.operator < b.operator ? -1 : a.operator > b.operator ? 1 : 0));
  }

  ran({ name, summary }: Pass, changes: number, graph: Graph): void {
    const nodes = regionsIn(graph).reduce((sum, region) => sum + region.nodes.size, 0);
    this.passes.push({ pass: name, summary, changes, nodes });
  }

  applied(rule: string, node: Node, note?: string): void {
    const { path, span } = placeOf(node);
    this.#applied.push({ rule, path, span, refusal: undefined, note });
  }

  /** A call of an operator was written in a form, or by its definition. Operators with one way to be written are left out. */
  wrote(op: Op, form: string | undefined): void {
    if (op.kind === 'core' || op.forms === undefined) return;
    const key = `${op.name} ${form ?? ''}`;
    this.#forms.set(key, { operator: op.name, form, calls: (this.#forms.get(key)?.calls ?? 0) + 1 });
  }

  refused(rule: string, node: Node, refusal: string): void {
    const place = placeOf(node);
    const key = [rule, ...place.path, place.span?.file, place.span?.start, place.span?.end, refusal].join('\n');
    this.#refusals.set(key, { rule, ...place, refusal });
  }
}

function placeOf({ origin }: Node): Pick<RuleEvent, 'path' | 'span'> {
  return { path: origin.path, span: reportedAt(origin) };
}
