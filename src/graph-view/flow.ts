import type { Value } from '../3-graph/graph.js';
import type { EdgeView, EndView } from '../api/model-view.js';
import { nth } from '../ops/only.js';
import { type Group, type Grouped, originOf } from './groups.js';

/** What flows into a group, out of it, and between its items. */
export interface Flow {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly edges: readonly EdgeView[];
}

export interface Flows {
  of(group: Group): Flow;
}

const border = -1;

/** The flow of every group of a tree in which equal layers are folded. Constants and weights do not flow. */
export function flowOf({ root, outer }: Grouped): Flows {
  const flow = new Flowing(outer);
  flow.findOutputs(root, new Set());
  return { of: (group) => flow.of(group) };
}

/** The values that cross the border of a group. Those of equal layers enter the first and leave the last; inside, the picture shows the first. */
interface Crossing {
  readonly inputs: readonly Value[];
  readonly made: ReadonlySet<Value>;
}

class Flowing {
  readonly #outer: ReadonlyMap<Value, Value>;
  readonly #crossings = new Map<Group, Crossing>();
  readonly #outputs = new Map<Group, readonly Value[]>();
  /** For the group that represents equal layers: what it makes itself for what the last of them makes. */
  readonly #insideOf = new Map<Group, ReadonlyMap<Value, Value>>();

  constructor(outer: ReadonlyMap<Value, Value>) {
    this.#outer = outer;
  }

  of(group: Group): Flow {
    const { inputs } = this.#crossing(group);
    const outputs = this.#outputs.get(group) ?? [];
    return { inputs, outputs, edges: this.#edges(group, inputs, outputs) };
  }

  /** What leaves each group, given what is read of it outside. */
  findOutputs(group: Group, wanted: ReadonlySet<Value>): void {
    const outputs = [...this.#crossing(group).made].filter((value) => wanted.has(value));
    this.#outputs.set(group, outputs);
    const inner = new Set(outputs.map((value) => this.#inside(group, value)));
    const readers = new Map<Value, Set<Group>>();
    for (const item of group.items)
      for (const value of this.#crossing(item).inputs) readers.set(value, (readers.get(value) ?? new Set()).add(item));
    for (const item of group.items) {
      const read = [...this.#crossing(item).made].filter((value) => inner.has(value) || (readers.get(value)?.size ?? 0) > 0);
      this.findOutputs(item, new Set(read));
    }
  }

  #crossing(group: Group): Crossing {
    const known = this.#crossings.get(group);
    if (known !== undefined) return known;
    const { members } = group;
    const own = this.#ownCrossing(group);
    const last = members?.at(-1);
    const crossing = last === undefined ? own : { inputs: own.inputs, made: new Set(this.#madeIn(last)) };
    if (last !== undefined) {
      const first = this.#madeIn(group);
      this.#insideOf.set(group, new Map(this.#madeIn(last).map((value, i) => [value, nth(first, i)])));
    }
    this.#crossings.set(group, crossing);
    return crossing;
  }

  /** Everything that is made in a group, in the order of the source; equal layers have equal lists. */
  #madeIn(group: Group): readonly Value[] {
    const made: Value[] = [];
    const visit = (part: Group): void => {
      for (const value of part.makes) made.push(value);
      for (const item of part.items) for (const member of item.members ?? [item]) visit(member);
    };
    visit(group);
    return made;
  }

  #ownCrossing(group: Group): Crossing {
    const made = new Set<Value>(group.makes);
    const read = new Set<Value>();
    const take = (inner: Value): void => {
      const value = originOf(inner, this.#outer);
      if (value.source.kind !== 'constant' && value.source.kind !== 'parameter') read.add(value);
    };
    for (const value of group.reads) take(value);
    for (const item of group.items) {
      const { inputs } = this.#crossing(item);
      for (const value of inputs) take(value);
    }
    for (const item of group.items) for (const value of this.#crossing(item).made) made.add(value);
    return { inputs: [...read].filter((value) => !made.has(value)), made };
  }

  /** The value inside a group that leaves it as `value`. */
  #inside(group: Group, value: Value): Value {
    return this.#insideOf.get(group)?.get(value) ?? value;
  }

  #edges(group: Group, inputs: readonly Value[], outputs: readonly Value[]): readonly EdgeView[] {
    const sources = new Map<Value, EndView>(inputs.map((value, port) => [value, { child: border, port }]));
    for (const [child, item] of group.items.entries())
      for (const [port, value] of (this.#outputs.get(item) ?? []).entries()) sources.set(value, { child, port });
    const edges: EdgeView[] = [];
    for (const [child, item] of group.items.entries())
      for (const [port, value] of this.#crossing(item).inputs.entries()) {
        const from = sources.get(value);
        if (from !== undefined) edges.push({ from, to: { child, port } });
      }
    for (const [port, value] of outputs.entries()) {
      const from = sources.get(this.#inside(group, value));
      if (from !== undefined) edges.push({ from, to: { child: border, port } });
    }
    return edges;
  }
}
