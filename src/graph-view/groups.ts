import {
  type Body,
  type ControlNode,
  capturesOf,
  type Graph,
  inputValues,
  type Node,
  type Origin,
  type Region,
  type Value,
} from '../3-graph/graph.js';
import type { BlockKind } from '../api/model-view.js';
import type { Span } from '../diagnostics/span.js';
import { append } from '../lists.js';
import { nth } from '../ops/only.js';

/** A part of a graph that a picture shows as one box: an operator, a layer with what is inside, an input of the model. */
export interface Group {
  readonly kind: BlockKind;
  readonly label: string;
  readonly type: string;
  /** The labels of the layers around it, and its own if it is a layer. */
  readonly path: readonly string[];
  readonly span: Span | undefined;
  /** The operator, or the control flow. */
  readonly node?: Node | undefined;
  /** In the order of the source. A layer that does nothing has none. */
  readonly items: Group[];
  /** What it reads itself, not its items. */
  readonly reads: readonly Value[];
  /** What it makes itself, not its items. */
  readonly makes: readonly Value[];
  /** The groups that it represents, with itself as the first, if it is one of several equal layers in a row. */
  members?: readonly Group[];
}

/** What is known about values while groups are made. */
export interface Grouped {
  readonly root: Group;
  /** What a value captured by a body is around it. */
  readonly outer: ReadonlyMap<Value, Value>;
}

/** A node, and its layers below the place where grouping starts. */
interface Placed {
  readonly node: Node;
  /** How many layers are around the place. */
  readonly base: number;
}

/**
 * The graph as a tree of groups. Nodes are in the order in which the model unfolds, so those of one use of a layer follow each other, and are a group.
 * Since such a run is an interval of a topological order, the groups in a group form no cycles.
 */
export function groupsOf(graph: Graph): Grouped {
  const outer = new Map<Value, Value>();
  const root: Group = { kind: 'model', label: graph.name, type: '', path: [], span: undefined, items: [], reads: [], makes: [] };
  append(root.items, regionItems(graph, [], outer));
  addEnds(graph, root, outer);
  return { root, outer };
}

/** What a value is where it comes from: a captured value is one of the region around the body. */
export function originOf(value: Value, outer: ReadonlyMap<Value, Value>): Value {
  let found = value;
  for (let next = outer.get(found); next !== undefined; next = outer.get(found)) found = next;
  return found;
}

function regionItems(region: Region, around: readonly string[], outer: Map<Value, Value>): Group[] {
  const placed = [...region.nodes].map((node) => ({ node, base: commonLength(node.origin.path, around) }));
  return itemsOf(placed, 0, outer);
}

/** Groups nodes whose first `depth` layers below their base are the same. */
function itemsOf(placed: readonly Placed[], depth: number, outer: Map<Value, Value>): Group[] {
  const items: Group[] = [];
  for (let start = 0; start < placed.length; ) {
    const { node, base } = nth(placed, start);
    const { path, kinds, uses } = node.origin;
    const at = base + depth;
    const label = path[at];
    if (label === undefined) {
      items.push(nodeGroup(node, outer));
      start++;
      continue;
    }
    let end = start + 1;
    while (end < placed.length && isIn(nth(placed, end), node.origin, at, base)) end++;
    const own = path.slice(0, at + 1);
    const inside = itemsOf(placed.slice(start, end), depth + 1, outer);
    const use = uses?.[at]?.span;
    items.push({
      kind: 'layer',
      label,
      type: kinds[at + 1] ?? '',
      path: own,
      span: use !== undefined && !use.file.startsWith('std/') ? use : (node.origin.use ?? node.origin.span),
      items: inside,
      reads: [],
      makes: [],
    });
    start = end;
  }
  return items;
}

/** Whether a node is in the same use of a layer as another one: that of the label at position `at`. */
function isIn({ node: { origin }, base }: Placed, other: Origin, at: number, wantedBase: number): boolean {
  return base === wantedBase && commonLength(origin.path, other.path) > at && origin.uses?.[at] === other.uses?.[at];
}

function commonLength(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function nodeGroup(node: Node, outer: Map<Value, Value>): Group {
  const { path, span: own, use } = node.origin;
  const span = use ?? own;
  // Without spreads, which take most of the time here: a large model has thousands of operators.
  if (node.kind === 'op' || node.kind === 'onnx') {
    const label = node.kind === 'op' ? node.op.name : node.call.opType;
    return { kind: 'operator', label, type: '', path, span, node, items: [], reads: inputValues(node), makes: node.outputs };
  }
  const items = node.kind === 'scan' ? scanItems(node, outer) : condItems(node, outer);
  return { kind: node.kind === 'scan' ? 'loop' : 'cond', label: node.kind, type: '', path, span, node, items, reads: [], makes: [] };
}

/** Notes what the captured values of a body are around it. */
function noteCaptures(node: ControlNode, body: Body, outer: Map<Value, Value>): void {
  const { inNode, inBody } = capturesOf(node);
  for (const [i, value] of inputValues(node).slice(inNode).entries()) outer.set(nth(body.inputs, inBody + i), value);
}

function pill(kind: BlockKind, label: string, node: Node, reads: readonly Value[], makes: readonly Value[]): Group {
  const { path, span, use } = node.origin;
  return { kind, label, type: '', path, span: use ?? span, items: [], reads, makes };
}

function scanItems(node: Extract<Node, { kind: 'scan' }>, outer: Map<Value, Value>): Group[] {
  const [body] = node.bodies;
  noteCaptures(node, body, outer);
  const { carries } = node.steps;
  const inputs = inputValues(node);
  const { inBody } = capturesOf(node);
  const taken = body.inputs
    .slice(0, inBody)
    .map((value, i) => pill(i < carries ? 'carry' : 'item', value.hint ?? '', node, [nth(inputs, i)], [value]));
  const given = body.outputs.map(({ name, value }, i) =>
    pill(i < carries ? 'pass' : 'emit', i < carries ? (body.inputs[i]?.hint ?? name) : name, node, [value], [nth(node.outputs, i)]),
  );
  return [...taken, ...regionItems(body, node.origin.path, outer), ...given];
}

function condItems(node: Extract<Node, { kind: 'cond' }>, outer: Map<Value, Value>): Group[] {
  const [condition] = inputValues(node);
  const branches = node.bodies.map((body, i): Group => {
    noteCaptures(node, body, outer);
    return { ...pill('branch', i === 0 ? 'then' : 'else', node, [], []), items: regionItems(body, node.origin.path, outer) };
  });
  const results = node.outputs.map((value, i) =>
    pill(
      'result',
      nth(node.bodies, 0).outputs[i]?.name ?? 'result',
      node,
      node.bodies.map((body) => nth(body.outputs, i).value),
      [value],
    ),
  );
  return [pill('test', 'if', node, condition === undefined ? [] : [condition], []), ...branches, ...results];
}

/** Adds the inputs and outputs of a graph to its root, and its states to the layers that have them. */
function addEnds(graph: Graph, root: Group, outer: ReadonlyMap<Value, Value>): void {
  const place = new Places(root, outer, [...graph.inputs, ...graph.outputs.map(({ value }) => originOf(value, outer))]);
  const states = new Map(graph.states.map((each) => [each.state.input, each]));
  const results = new Map(graph.outputs.map((output) => [output.name, output]));
  const end = (kind: BlockKind, label: string, reads: readonly Value[], makes: readonly Value[], path: readonly string[] = []): Group => {
    return { kind, label, type: '', path, span: undefined, items: [], reads, makes };
  };
  const inputs: Group[] = [];
  const ofStates = new Set<string>();
  const added: { readonly home: Group; readonly before: Group | undefined; readonly item: Group }[] = [];
  for (const value of graph.inputs) {
    const name = value.hint ?? '';
    const known = states.get(name);
    if (known === undefined) inputs.push(end('input', name, [], [value]));
    else {
      const { home, first } = place.ofReaders(value);
      added.push({ home, before: first, item: { ...end('state', known.state.name, [], [value], home.path), span: known.state.span } });
    }
  }
  for (const { state, isRead, isSet } of graph.states) {
    const output = results.get(state.output);
    if (!isSet || output === undefined) continue;
    ofStates.add(state.output);
    const reader = isRead ? added.find(({ item }) => item.label === state.name && item.makes[0]?.hint === state.input) : undefined;
    const { home, after } = place.ofMaker(originOf(output.value, outer), reader?.home);
    added.push({ home, before: after, item: { ...end('next', state.name, [output.value], [], home.path), span: state.span } });
  }
  for (const { home, before, item } of added) {
    const at = before === undefined ? -1 : home.items.indexOf(before);
    home.items.splice(at < 0 ? (item.kind === 'state' ? 0 : home.items.length) : at + (item.kind === 'next' ? 1 : 0), 0, item);
  }
  const between = root.items.splice(0);
  for (const items of [inputs, between]) append(root.items, items);
  for (const output of graph.outputs) if (!ofStates.has(output.name)) root.items.push(end('output', output.name, [output.value], []));
}

/** Where in a tree of groups values are read and made. */
class Places {
  readonly #root: Group;
  readonly #outer: ReadonlyMap<Value, Value>;
  /** For each value, the groups around each of its readers and around its maker, outermost first, with the reader itself last. */
  readonly #readers = new Map<Value, (readonly Group[])[]>();
  readonly #makers = new Map<Value, readonly Group[]>();

  /** Only these values are looked for. */
  constructor(root: Group, outer: ReadonlyMap<Value, Value>, wanted: readonly Value[]) {
    this.#root = root;
    this.#outer = outer;
    this.#visit(root, [], new Set(wanted));
  }

  #visit(group: Group, trail: Group[], wanted: ReadonlySet<Value>): void {
    trail.push(group);
    for (const read of group.reads) {
      const value = originOf(read, this.#outer);
      if (!wanted.has(value)) continue;
      const known = this.#readers.get(value);
      if (known === undefined) this.#readers.set(value, [[...trail]]);
      else known.push([...trail]);
    }
    for (const value of group.makes) if (wanted.has(value)) this.#makers.set(value, [...trail]);
    for (const item of group.items) this.#visit(item, trail, wanted);
    trail.pop();
  }

  /** The innermost layer around all readers of a value, and the item of it that reads the value first. */
  ofReaders(value: Value): { readonly home: Group; readonly first: Group | undefined } {
    const trails = this.#readers.get(value) ?? [];
    const [one = [this.#root]] = trails;
    let depth = 0;
    while (isHome(one[depth + 1]) && trails.every((trail) => trail[depth + 1] === one[depth + 1])) depth++;
    return { home: nth(one, depth), first: one[depth + 1] };
  }

  /** The innermost layer around the maker of a value and around `known`, and the item of it that makes the value. */
  ofMaker(value: Value, known: Group | undefined): { readonly home: Group; readonly after: Group | undefined } {
    const trail = this.#makers.get(value) ?? [this.#root];
    const at = known === undefined ? -1 : trail.indexOf(known);
    if (at >= 0) return { home: nth(trail, at), after: trail[at + 1] };
    let depth = 0;
    while (isHome(trail[depth + 1])) depth++;
    return { home: nth(trail, depth), after: trail[depth + 1] };
  }
}

function isHome(group: Group | undefined): boolean {
  return group?.kind === 'layer';
}
