import type { OpNode, Region, Value } from '../../3-graph/graph.js';
import { removeUnread, removeUnused } from '../../3-graph/remove-unused.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import { nth } from '../../ops/only.js';
import type { Recorder } from '../history.js';
import type { Pass } from '../pass.js';
import { isToBePacked, type Quantization } from '../quantize/quantization.js';
import { RewriteBuilder } from '../rewrite-builder.js';
import type { Rule, RuleContext } from '../rule.js';
import type { Unfoldable } from '../unfoldable.js';
import { weightTest } from '../weight-test.js';
import type { CoreOf } from './open-composites.js';

/** A rewrite makes a graph smaller or moves it towards a normal form: more rounds than this mean that two rules undo each other. */
const mostRounds = 100;

/** What is to become of weights. */
export interface WeightOptions {
  readonly quantization?: Quantization | undefined;
  readonly unfoldable?: Unfoldable | undefined;
}

/**
 * Applies rules until none applies any more.
 *
 * Each round tries, at each node, the rules in the order of the list. The result of a rewrite is looked at in the next round.
 */
export function applyRules(
  rules: readonly Rule[],
  on: CoreOf,
  history: Recorder,
  { quantization, unfoldable = [] }: WeightOptions = {},
): Pass {
  return {
    name: 'apply-rules',
    summary: 'applies the rewrite rules until none applies',
    run(region) {
      let changes = 0;
      for (let round = 0; ; round++) {
        const made = oneRound(region, rules, contextOf(region, on, { quantization, unfoldable }), history);
        if (made === 0) return changes;
        changes += made;
        removeUnused(region);
        if (round === mostRounds) throw new InternalError(`the rewrite rules do not come to an end: ${rules.map(({ name }) => name)}`);
      }
    },
  };
}

function oneRound(region: Region, rules: readonly Rule[], cx: RuleContext, history: Recorder): number {
  let changes = 0;
  for (const node of region.nodes) {
    // An earlier rewrite of this round has left this node without users.
    if (node.kind !== 'op' || node.outputs.every(({ users }) => users.size === 0)) continue;
    if (rules.some((rule) => tryRule(rule, node, cx, history))) changes++;
  }
  return changes;
}

function tryRule({ name, find }: Rule, node: OpNode, cx: RuleContext, history: Recorder): boolean {
  const finding = find(node, cx);
  if (finding === undefined) return false;
  if ('refusal' in finding) {
    history.refused(name, node, finding.refusal);
    return false;
  }
  const results = finding.rewrite(new RewriteBuilder(cx.region, node));
  for (const [i, output] of node.outputs.entries()) cx.region.replaceUses(output, nth(results, i));
  history.applied(name, node);
  // Not only after the round, because rules ask what else reads a value.
  removeUnread(cx.region, node);
  return true;
}

function contextOf(region: Region, on: CoreOf, { quantization, unfoldable = [] }: WeightOptions): RuleContext {
  const packs = (value: Value) => quantization !== undefined && isToBePacked(value, quantization);
  return { on, region, unfoldable, isWeight: weightTest(unfoldable), isToBePacked: packs };
}
