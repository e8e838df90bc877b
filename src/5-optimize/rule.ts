import type { OpNode, Region, Value } from '../3-graph/graph.js';
import type { GraphBuilder } from '../3-graph/graph-builder.js';
import type { CoreOf } from './passes/open-composites.js';

/** What a rule may ask about the graph around a node. */
export interface RuleContext {
  readonly on: CoreOf;
  readonly region: Region;
  /** Whether a value is known when the file is written: a weight, a constant, or computed from those alone. */
  isWeight(value: Value): boolean;
  /** Whether a weight will be stored as whole numbers of a few bits, which only plain products and lookups read. */
  isToBePacked(value: Value): boolean;
}

/**
 * A rewrite of one operator and those that it reads.
 *
 * A rule first looks for its pattern; what nearly fits is refused with a reason, which `--explain` shows. `M` is what the pattern found.
 */
export interface Rule<M> {
  /** In kebab case: `fold-batch-norm`. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** The lowest level at which it applies: 1 if all weights stay as they are, otherwise 2. */
  readonly level: 1 | 2;
  /** What the pattern finds at a node, which is the last of the operators that are replaced. */
  readonly match: (node: OpNode, cx: RuleContext) => M | undefined;
  /** Why the rewrite is not right or not worthwhile here; undefined if it is. Follows "not applied: ". */
  readonly when?: (match: M, cx: RuleContext) => string | undefined;
  /** Writes what takes the place of the results of the node, in their order and of their types. */
  readonly rewrite: (g: GraphBuilder, match: M, cx: RuleContext) => readonly Value[];
}

// `any`: a list of rules holds different matches.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type AnyRule = Rule<any>;

/** Lets the type of the match be inferred. */
export function rule<M>(of: Rule<M>): Rule<M> {
  return of;
}
