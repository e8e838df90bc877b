import type { Graph, Value } from '../3-graph/graph.js';
import type { Parameter } from '../3-graph/parameter.js';
import { declaredOf } from '../6-emit/parameter-count.js';
import { type Group, type Grouped, originOf } from './groups.js';

/** The stored tensors of a graph, each with one group: the layer that it is named after, or the operator in that layer that reads it first. */
export interface Weights {
  /** Those that belong to the group itself. A layer has those of its own that none of its operators reads. */
  readonly owned: ReadonlyMap<Group, readonly Parameter[]>;
  /** Those that an operator reads, and those that have the name of a layer, without the layers in it. */
  readonly shown: ReadonlyMap<Group, readonly Parameter[]>;
}

/** Counts what `archc cost` counts: a tensor that no run reads, such as the number of batches that a norm has seen, is left out unless it is trained. */
export function weightsOf({ root, outer }: Grouped, graph: Graph): Weights {
  const layers = new Map<string, Group>();
  const readers = new Map<Value, Group[]>();
  const visit = (group: Group): void => {
    const path = group.path.join('.');
    if ((group.kind === 'layer' || group === root) && !layers.has(path)) layers.set(path, group);
    for (const read of group.reads) {
      const value = originOf(read, outer);
      if (value.source.kind !== 'parameter') continue;
      const known = readers.get(value);
      if (known === undefined) readers.set(value, [group]);
      else if (!known.includes(group)) known.push(group);
    }
    for (const item of group.items) visit(item);
  };
  visit(root);
  const owned = new Map<Group, Parameter[]>();
  const shown = new Map<Group, Parameter[]>();
  const counted = new Set<string>();
  for (const value of graph.parameters) {
    if (value.source.kind !== 'parameter') continue;
    for (const parameter of declaredOf(value.source.parameter)) {
      if (counted.has(parameter.name) || (value.users.size === 0 && !parameter.trainable)) continue;
      counted.add(parameter.name);
      const path = homePath(parameter.name, layers);
      const layer = layers.get(path) ?? root;
      const reading = readers.get(value) ?? [];
      // Operators have the path of the layer around them.
      add(owned, reading.find((group) => group.path.join('.') === path && isInside(group, layer)) ?? layer, parameter);
      for (const group of new Set([layer, ...reading])) add(shown, group, parameter);
    }
  }
  return { owned, shown };
}

/** The path of the innermost layer that a tensor is named after. */
function homePath(name: string, layers: ReadonlyMap<string, Group>): string {
  for (let end = name.lastIndexOf('.'); end > 0; end = name.lastIndexOf('.', end - 1)) {
    const path = name.slice(0, end);
    if (layers.has(path)) return path;
  }
  return '';
}

function isInside(group: Group, around: Group): boolean {
  return around.items.some((item) => item === group || isInside(group, item));
}

function add<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
