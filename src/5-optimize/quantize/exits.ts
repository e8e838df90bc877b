import { inputValues, type Node, type OpNode, type Region, type User, type Value } from '../../3-graph/graph.js';
import type { Parameter } from '../../3-graph/parameter.js';

/** A place that reads a weight, or a value computed from weights alone. */
export interface Exit {
  readonly value: Value;
  readonly user: User;
  /** The weights that the value is computed from, each once. */
  readonly from: readonly Parameter[];
}

/**
 * The places where weights leave the part of a graph that depends on weights alone, in the order of the operators that read them. `isWeight` says which values belong to that part, and `follows` which of
 * its operators are looked through.
 */
export function exitsOf(
  region: Region,
  parameters: readonly Value[],
  isWeight: (value: Value) => boolean,
  follows: (node: OpNode) => boolean,
): readonly Exit[] {
  const from = new Map<Value, ReadonlySet<Parameter>>();
  for (const value of parameters) if (value.source.kind === 'parameter') from.set(value, new Set([value.source.parameter]));
  const inside = new Set<Node>();
  for (const node of region.nodes) {
    if (node.kind !== 'op' || !follows(node) || !node.outputs.every(isWeight)) continue;
    const all = new Set(inputValues(node).flatMap((value) => [...(from.get(value) ?? [])]));
    // What depends on constants alone is not a weight of the model.
    if (all.size === 0) continue;
    inside.add(node);
    for (const output of node.outputs) from.set(output, all);
  }
  const exits = [...from].flatMap(([value, all]) =>
    [...value.users].flatMap((user) => (user.kind !== 'output' && inside.has(user) ? [] : [{ value, user, from: [...all] }])),
  );
  const order = new Map<User, number>([...region.nodes].map((node, i) => [node, i]));
  return exits.sort((a, b) => (order.get(a.user) ?? order.size) - (order.get(b.user) ?? order.size));
}
