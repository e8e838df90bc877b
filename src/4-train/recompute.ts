import { copyNode } from '../3-graph/copy.js';
import type { Node, Region, Value } from '../3-graph/graph.js';
import { inputValues } from '../3-graph/graph.js';
import { GraphBuilder } from '../3-graph/graph-builder.js';
import { sizesMadeBy } from '../3-graph/made-sizes.js';
import { nth } from '../ops/only.js';
import { product } from '../ops/sizes.js';

/** Which nodes are computed again for the gradient, in groups: a layer each. */
export type GroupOf = (node: Node) => string | undefined;

/** A node of a group that is computed again, and how its copy's values belong to those of the graph. */
export interface Copied {
  readonly node: Node;
  /** The value of the graph that a value of the copy stands for. */
  readonly original: (value: Value) => Value;
}

/**
 * Activation checkpointing (Chen et al. 2016): what the gradient reads of a group of nodes is computed again, from what the group reads of the others, so that it need not be kept
 * in between. The copies must not run before the gradient reaches the group, or everything would be kept anyway, nor before the gradients of the weights of the later groups
 * are finished, which need the copies there. So their inputs depend on all of these, by a choice between two equal tensors. This does not change their values, whatever the
 * gradients are.
 */
export class Recomputation {
  readonly #region: Region;
  readonly #groupOf: GroupOf;
  readonly #groups = new Map<string, readonly Node[]>();
  readonly #awaited = new Set<Value>();
  readonly #copies = new Map<string, ReadonlyMap<Node, Copied>>();

  constructor(region: Region, groupOf: GroupOf) {
    this.#region = region;
    this.#groupOf = groupOf;
    const groups = new Map<string, Node[]>();
    for (const node of region.nodes) {
      const name = groupOf(node);
      // The gradient has the sizes that the data decide: what makes one is kept, because a copy would make another.
      if (name !== undefined && sizesMadeBy(node, region.newSizes).length === 0) groups.set(name, [...(groups.get(name) ?? []), node]);
    }
    this.#groups = groups;
  }

  /**
   * The copy of a node, which is made when the first gradient reaches its group; `finished` are the gradients of weights by then. Undefined for a node that is in no
   * group.
   */
  copyOf(node: Node, gradient: Value, finished: () => readonly Value[]): Copied | undefined {
    const name = this.#groupOf(node);
    const group = name === undefined ? undefined : this.#groups.get(name);
    if (name === undefined || group === undefined) return undefined;
    const copies = this.#copies.get(name) ?? this.#copy(group, [gradient, ...this.#new(finished())]);
    this.#copies.set(name, copies);
    return copies.get(node);
  }

  /** Those that no group depends on yet. */
  #new(finished: readonly Value[]): readonly Value[] {
    const fresh = finished.filter((value) => !this.#awaited.has(value));
    for (const value of fresh) this.#awaited.add(value);
    return fresh;
  }

  #copy(group: readonly Node[], awaited: readonly Value[]): ReadonlyMap<Node, Copied> {
    const own = new Set(group.flatMap(({ outputs }) => outputs));
    const values = new Map<Value, Value>();
    const originals = new Map<Value, Value>();
    const stand = (value: Value, copy: Value) => {
      values.set(value, copy);
      originals.set(copy, value);
    };
    let isReached: Value | undefined;
    const original = (value: Value) => originals.get(value) ?? value;
    const copies = new Map<Node, Copied>();
    for (const node of group) {
      const g = new GraphBuilder(this.#region, node.origin);
      for (const value of inputValues(node)) {
        // Weights are available all the time.
        if (own.has(value) || values.has(value) || value.source.kind === 'constant' || value.source.kind === 'parameter') continue;
        isReached ??= whenFinished(g, awaited);
        stand(value, g.where(isReached, value, value));
      }
      const results = copyNode(this.#region, node, values);
      for (const [i, output] of node.outputs.entries()) stand(output, nth(results, i));
      const { source } = nth(results, 0);
      if (source.kind === 'node') copies.set(node, { node: source.node, original });
    }
    return copies;
  }
}

/** A boolean that depends on these tensors. Which one it is does not matter. */
function whenFinished(g: GraphBuilder, tensors: readonly Value[]): Value {
  // The first element of each, if it has elements.
  const firsts = tensors.map((tensor) => g.slice(g.reshape(tensor, [-1]), 0, 0, product(g.shape(tensor)).min(1)));
  const sum = g.sum(firsts.length === 1 ? nth(firsts, 0) : g.concat(firsts, 0));
  return g.equal(sum, sum);
}
