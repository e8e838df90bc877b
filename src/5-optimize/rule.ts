import type { OpNode, Region, Value } from '../3-graph/graph.js';
import type { GraphBuilder } from '../3-graph/graph-builder.js';
import type { CoreOf } from './passes/open-composites.js';
import type { Unfoldable } from './unfoldable.js';

/** What a rule may ask about the graph around a node. */
export interface RuleContext {
  readonly on: CoreOf;
  readonly region: Region;
  /** Whether a value is known when the file is written: a weight, a constant, or computed from those alone. */
  isWeight(value: Value): boolean;
  /** The weights that must not be combined. */
  readonly unfoldable: Unfoldable;
  /** Whether a weight will be stored as integers of a few bits, which only plain products and lookups can read. */
  isToBePacked(value: Value): boolean;
}

/** The definition of a rule, which rewrites an operator together with operators that it reads. `M` is what its pattern finds. */
export interface RuleDefinition<M> {
  /** In kebab case: `fold-batch-norm`. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** The lowest level at which it applies: 1 if all weights stay as they are, otherwise 2. */
  readonly level: 1 | 2;
  /** What the pattern finds at a node, which is the last of the operators that are replaced. */
  readonly match: (node: OpNode, cx: RuleContext) => M | undefined;
  /** Why the rewrite would be wrong or not worthwhile here, as a text that follows "not applied: "; undefined if it applies. */
  readonly when?: (match: M, cx: RuleContext) => string | undefined;
  /** Writes the replacements for the results of the node, in the same order and with the same types. */
  readonly rewrite: (g: GraphBuilder, match: M, cx: RuleContext) => readonly Value[];
}

/** The answer of a rule whose pattern matches a node: why it does not apply, or how to write what replaces the results of the node. */
export type Finding = { readonly refusal: string } | { readonly rewrite: (g: GraphBuilder) => readonly Value[] };

/** A rewrite rule. It does not expose the type of what its pattern finds, so that all rules can be in one list. */
export interface Rule extends Pick<RuleDefinition<unknown>, 'name' | 'summary' | 'level'> {
  /** Undefined if the pattern does not match. */
  readonly find: (node: OpNode, cx: RuleContext) => Finding | undefined;
}

/** Makes a rule from its definition. */
export function rule<M>({ name, summary, level, match, when, rewrite }: RuleDefinition<M>): Rule {
  return {
    name,
    summary,
    level,
    find: (node, cx) => {
      const found = match(node, cx);
      if (found === undefined) return undefined;
      const refusal = when?.(found, cx);
      return refusal === undefined ? { rewrite: (g) => rewrite(g, found, cx) } : { refusal };
    },
  };
}
