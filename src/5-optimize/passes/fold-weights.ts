import { Graph, inputValues, type Node, type OpNode, type Value } from '../../3-graph/graph.js';
import type { Parameter } from '../../3-graph/parameter.js';
import { removeUnread, removeUnused } from '../../3-graph/remove-unused.js';
import { nth } from '../../ops/only.js';
import type { Recorder } from '../history.js';
import type { Pass } from '../pass.js';
import { derivedName, recipeText } from '../recipe.js';
import { allowance, isComputable, isMoving, isPacked, isSmallConstant, storedBytes } from '../stored-weights.js';
import { refuseUnfoldable, type Unfoldable } from '../unfoldable.js';

/**
 * Stores what is computed from weights alone instead of the weights.
 *
 * Before: `y = x @ transpose(w) * s`, with the weights `w` and `s`. After: `y = x @ v`, where `v = transpose(w) * s` is in the file.
 * Each operator in `v` is pure, and is computed in float64 when the file is written; the result is rounded once. The file never grows: a weight that is needed both as it is and in another form, such
 * as that of a tied embedding, stays as it is, and the operators stay in the graph. ONNX Runtime does some of this each time it loads a file, and keeps both. Runs after all rewrites,
 * because they add operators on weights.
 */
export function foldWeights(history: Recorder, unfoldable: Unfoldable = []): Pass {
  return {
    name: 'fold-weights',
    summary: 'stores values that depend only on weights, instead of the weights',
    run: (region) => (region instanceof Graph ? new Folding(region, history, () => true, unfoldable).run() : 0),
  };
}

/** Stores the packed forms of weights, and leaves all other computations in the graph. */
export function storePacked(history: Recorder): Pass {
  return {
    name: 'store-packed',
    summary: 'stores weights in their packed forms',
    run: (region) => (region instanceof Graph ? new Folding(region, history, ({ op }) => op.storage === 'packs').run() : 0),
  };
}

class Folding {
  readonly #graph: Graph;
  readonly #history: Recorder;
  /** The parameters that a value depends on, for values that depend on nothing else. */
  readonly #from = new Map<Value, ReadonlySet<Value>>();
  readonly #folded = new Set<Node>();
  readonly #isWanted: (node: OpNode) => boolean;
  readonly #unfoldable: Unfoldable;

  /** The names of stored tensors. */
  readonly #names: Set<string>;

  /** `isWanted` says which results are worth storing; what they are computed from is folded with them. */
  constructor(graph: Graph, history: Recorder, isWanted: (node: OpNode) => boolean, unfoldable: Unfoldable = []) {
    this.#unfoldable = unfoldable;
    this.#graph = graph;
    this.#names = new Set(graph.parameters.flatMap(({ hint }) => hint ?? []));
    this.#history = history;
    this.#isWanted = isWanted;
  }

  run(): number {
    // A node that nothing reads would count as folded, but stay.
    removeUnused(this.#graph);
    for (const parameter of this.#graph.parameters) this.#from.set(parameter, new Set([parameter]));
    for (const node of this.#graph.nodes) this.#visit(node);
    this.#dropUnwanted();
    let changes = 0;
    for (const group of this.#groups()) changes += this.#fold(group);
    return changes;
  }

  #visit(node: Node): void {
    if (!isComputable(node)) return;
    const inputs = inputValues(node);
    const from = inputs.flatMap((value) => (value.source.kind === 'constant' ? [] : [this.#from.get(value)]));
    if (from.length === 0 || from.includes(undefined) || !inputs.every(isSmallConstant)) return;
    const refusal = isMoving(node) || node.op.storage === 'packs' ? undefined : refuseUnfoldable(this.#unfoldable, inputs);
    if (refusal !== undefined) {
      this.#history.refused('fold-weights', node, refusal);
      return;
    }
    const all = new Set(from.flatMap((parameters) => [...(parameters ?? [])]));
    this.#folded.add(node);
    for (const output of node.outputs) this.#from.set(output, all);
  }

  /** Forgets computations that no wanted result needs. */
  #dropUnwanted(): void {
    const isNeeded = (node: Node): boolean =>
      this.#isWanted(node as OpNode) ||
      node.outputs.some(({ users }) => [...users].some((user) => user.kind !== 'output' && this.#folded.has(user)));
    // In reverse, so that users are visited before what they read.
    for (const node of [...this.#folded].reverse()) if (!isNeeded(node)) this.#folded.delete(node);
  }

  /** What would be stored, in groups that have no parameter in common. */
  #groups(): readonly (readonly Value[])[] {
    const parents = new Map<Value, Value>();
    const root = (value: Value): Value => {
      const parent = parents.get(value);
      return parent === undefined ? value : root(parent);
    };
    const stored = [...this.#folded].flatMap(({ outputs }) => outputs.filter((output) => !this.#isInner(output)));
    for (const value of stored) {
      const [first, ...others] = [...this.#parametersOf(value)].map(root);
      for (const other of others) if (first !== undefined && root(other) !== root(first)) parents.set(root(other), root(first));
    }
    const groups = new Map<Value, Value[]>();
    for (const value of stored) {
      const [first] = this.#parametersOf(value);
      if (first === undefined) continue;
      const group = groups.get(root(first));
      if (group === undefined) groups.set(root(first), [value]);
      else group.push(value);
    }
    return [...groups.values()];
  }

  #parametersOf(value: Value): ReadonlySet<Value> {
    return this.#from.get(value) ?? new Set();
  }

  /** Whether only folded computations read a value. */
  #isInner({ users }: Value): boolean {
    return [...users].every((user) => user.kind !== 'output' && this.#folded.has(user));
  }

  #fold(group: readonly Value[]): number {
    const parameters = new Set(group.flatMap((value) => [...this.#parametersOf(value)]));
    const freed = [...parameters].filter((value) => this.#isInner(value));
    const before = freed.reduce((sum, { type }) => sum + storedBytes(type), 0);
    const after = group.reduce((sum, { type }) => sum + storedBytes(type), 0);
    const kept = [...parameters].find((value) => !freed.includes(value));
    if (after > before + allowance * group.length) {
      const reason = kept === undefined ? 'the result is larger' : `\`${kept.hint}\` is also read directly`;
      for (const { source } of group)
        if (source.kind === 'node') this.#history.refused('fold-weights', source.node, `it would make the file larger: ${reason}`);
      return 0;
    }
    const stored = group.map((value) => this.#stored(value));
    // In reverse, so that a value that is computed from another stored value is still recorded as computed from weights.
    for (const [i, value] of [...group.entries()].reverse()) this.#replace(value, nth(stored, i));
    this.#graph.dropParameters(new Set(freed));
    return group.length;
  }

  #stored(value: Value): Value {
    const from = [...this.#parametersOf(value)].flatMap(({ source }) => (source.kind === 'parameter' ? [source.parameter] : []));
    const wanted = derivedName(from, value);
    let name = wanted;
    for (let i = 2; this.#names.has(name); i++) name = `${wanted}.${i}`;
    this.#names.add(name);
    return this.#graph.parameter(derivedParameter(name, from, value));
  }

  #replace(value: Value, stored: Value): void {
    this.#graph.replaceUses(value, stored);
    if (value.source.kind !== 'node') return;
    // Whatever asked for the packed form of a weight has recorded it.
    if (!isPacked(value)) this.#history.applied('fold-weights', value.source.node, `\`${stored.hint}\``);
    removeUnread(this.#graph, value.source.node);
  }
}

function derivedParameter(name: string, from: readonly Parameter[], value: Value): Parameter {
  const first = nth(from, 0);
  return {
    name,
    type: value.type,
    init: first.init,
    trainable: from.some(({ trainable }) => trainable),
    span: first.span,
    derived: { from, value, text: recipeText(value) },
  };
}
