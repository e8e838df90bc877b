import { type Graph, type Node, operatorName } from '../3-graph/graph.js';
import type { Parameter } from '../3-graph/parameter.js';
import type { ProgramEntry } from '../3-graph/program.js';
import { computedOnce } from '../6-emit/computed-once.js';
import { flopsOf } from '../6-emit/cost.js';
import { elementCount, type ParameterCount } from '../6-emit/parameter-count.js';
import type { BlockView, EntryView, ModelView, TensorView, ViewOptions, WeightView } from '../api/model-view.js';
import { lineStarts, plainSpan, positionAt, type Span } from '../diagnostics/span.js';
import { Dim } from '../dims/dim.js';
import { plainSize } from '../dims/plain-size.js';
import type { TensorType } from '../ops/types.js';
import { expansionOf } from './expansion.js';
import { type Flows, flowOf } from './flow.js';
import { fold, optionText, splitLabel } from './fold.js';
import { type Group, groupsOf } from './groups.js';
import { countAt, nominalSizes } from './nominal-sizes.js';
import { simplerSize } from './simpler-size.js';
import { type Weights, weightsOf } from './weights-of.js';

/** What a view is made of: the graphs of a model as it is written, before any pass. */
export interface ViewedModel {
  readonly name: string;
  readonly doc: string | undefined;
  readonly entries: readonly Pick<ProgramEntry, 'name' | 'graph' | 'checked'>[];
}

/** A view, and the patterns of `expand` that match nothing. */
export interface MadeView {
  readonly view: ModelView;
  readonly unmatched: readonly string[];
}

/** The view of a model. */
export function viewOf({ name, doc, entries }: ViewedModel, { sources, ...options }: ViewOptions = {}): MadeView {
  const lines = new SourceLines(sources ?? new Map());
  const views = entries.map((entry): EntryView => {
    const sizes = nominalSizes(entry.graph);
    const root = new Blocks(entry.graph, sizes, lines).root(entry.name, entries.length === 1 ? name : entry.name);
    return { name: entry.name, ...defined({ doc: entry.checked.doc }), sizes: Object.fromEntries(sizes), root };
  });
  const { expanded, unmatched } = expansionOf(views, options);
  return { view: { version: 1, name, ...defined({ doc }), entries: views, expanded }, unmatched };
}

/** Omits undefined values: JSON has none. */
function defined<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** The lines of source files. */
class SourceLines {
  readonly #sources: ReadonlyMap<string, string>;
  readonly #starts = new Map<string, readonly number[]>();

  constructor(sources: ReadonlyMap<string, string>) {
    this.#sources = sources;
  }

  /** The place of a span for people; empty if its file is not known. */
  of(span: Span | undefined): Pick<BlockView, 'span' | 'line' | 'code'> {
    if (span === undefined) return {};
    const text = this.#sources.get(span.file);
    if (text === undefined) return { span: plainSpan(span) };
    const starts = this.#starts.get(span.file) ?? lineStarts(text);
    this.#starts.set(span.file, starts);
    const { line } = positionAt(starts, span.start);
    const code = text.slice(starts[line - 1], starts[line]).trim();
    return { span: plainSpan(span), line, code: code.length > 160 ? `${code.slice(0, 159)}…` : code };
  }
}

/** What multiplies the work of a group: equal layers and loops around it; undefined if a loop has an unknown number of steps. */
type Times = number | undefined;

class Blocks {
  readonly #graph: Graph;
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #lines: SourceLines;
  readonly #once: ReadonlySet<Node>;
  readonly #tree: Group;
  readonly #weights: Weights;
  readonly #flows: Flows;
  readonly #work = new Map<Group, Dim>();
  readonly #counts = new Map<Group, ParameterCount>();
  readonly #total: number | undefined;

  constructor(graph: Graph, sizes: ReadonlyMap<string, number>, lines: SourceLines) {
    this.#graph = graph;
    this.#sizes = sizes;
    this.#lines = lines;
    this.#once = computedOnce(graph);
    const grouped = groupsOf(graph);
    this.#weights = weightsOf(grouped, graph);
    fold(grouped, graph);
    this.#tree = grouped.root;
    this.#flows = flowOf(grouped);
    this.#total = countAt(this.#flops(this.#tree), sizes);
  }

  root(id: string, label: string): BlockView {
    return { ...this.#block(this.#tree, id, 1), label };
  }

  #block(group: Group, id: string, times: Times): BlockView {
    const { kind, type, path, span, members } = group;
    const repeat = members?.length ?? 1;
    const flops = this.#graph.facts.simplest(this.#flops(group));
    const count = countAt(flops, this.#sizes);
    const all = count === undefined || times === undefined ? undefined : count * times;
    const { parameters, buffers } = this.#weightsIn(group);
    const flow = this.#flows.of(group);
    const inside = times === undefined ? undefined : this.#timesIn(group, times * repeat);
    const ids = new Map<string, number>();
    const children = group.items.map((item) => this.#block(item, `${id}/${localId(item, ids)}`, inside));
    return {
      id,
      kind,
      label: labelOf(group),
      type,
      path: path.join('.'),
      repeat,
      ...this.#lines.of(span),
      parameters,
      buffers,
      flops: plainSize(flops),
      ...defined({ count }),
      share: all === undefined || this.#total === undefined || this.#total === 0 ? 0 : all / this.#total,
      weights: (this.#weights.shown.get(group) ?? []).map(weightView),
      ...optionsOf(group),
      inputs: flow.inputs.map(({ type: of }) => this.#tensor(of)),
      outputs: flow.outputs.map(({ type: of }) => this.#tensor(of)),
      children,
      edges: flow.edges,
    };
  }

  /** The type of a tensor, with sizes that are shorter because of what the model states. */
  #tensor({ dtype, shape }: TensorType): TensorView {
    return tensorOf({ dtype, shape: shape.map((size) => simplerSize(size, this.#graph.stated)) });
  }

  #timesIn({ node }: Group, times: number): Times {
    if (node !== undefined && this.#once.has(node)) return 0;
    if (node?.kind !== 'scan') return times;
    const steps = countAt(node.steps.length, this.#sizes);
    return steps === undefined ? undefined : steps * times;
  }

  #flops(group: Group): Dim {
    const known = this.#work.get(group);
    if (known !== undefined) return known;
    const work = this.#flopsOfAll(group);
    this.#work.set(group, work);
    return work;
  }

  /** Sizes that come into being have other names in each of several equal layers; without any, all layers do the same work. */
  #flopsOfAll(group: Group): Dim {
    const { members } = group;
    if (members === undefined) return this.#flopsOfOne(group);
    if (this.#graph.newSizes.length === 0) return this.#flopsOfOne(group).mul(members.length);
    return members.reduce((sum, member) => sum.add(this.#flopsOfOne(member)), Dim.zero);
  }

  #flopsOfOne({ node, items, kind }: Group): Dim {
    if (node !== undefined && this.#once.has(node)) return Dim.zero;
    if (node?.kind === 'op' || node?.kind === 'onnx') return flopsOf(node);
    const work = items.map((item) => this.#flops(item));
    if (kind === 'cond') return work.reduce((most, each) => most.max(each), Dim.zero);
    const sum = work.reduce((all, each) => all.add(each), Dim.zero);
    return node?.kind === 'scan' ? sum.mul(node.steps.length) : sum;
  }

  #weightsIn(group: Group): ParameterCount {
    const known = this.#counts.get(group);
    if (known !== undefined) return known;
    let [parameters, buffers] = [0, 0];
    const add = (part: ParameterCount): void => {
      parameters += part.parameters;
      buffers += part.buffers;
    };
    for (const member of group.members ?? [group]) {
      if (member !== group) add(this.#weightsIn(member));
      else {
        for (const owned of this.#weights.owned.get(group) ?? []) {
          if (owned.trainable) parameters += elementCount(owned);
          else buffers += elementCount(owned);
        }
        for (const item of group.items) add(this.#weightsIn(item));
      }
    }
    const count = { parameters, buffers };
    this.#counts.set(group, count);
    return count;
  }
}

/** The part of an id that tells a group from its siblings. */
function localId({ label, kind }: Group, ids: Map<string, number>): string {
  const name = kind === 'layer' || kind === 'operator' ? label : `${kind} ${label}`;
  const count = (ids.get(name) ?? 0) + 1;
  ids.set(name, count);
  return count === 1 ? name : `${name}#${count}`;
}

/** `layers.0 – 11` for equal layers. */
function labelOf({ kind, label, members, node }: Group): string {
  if (kind === 'operator' && node !== undefined) return operatorName(node);
  const last = members?.at(-1)?.label;
  return last === undefined ? label : `${label} – ${splitLabel(last)?.number ?? last}`;
}

function weightView({ name, type, trainable }: Parameter): WeightView {
  return { name, ...tensorOf(type), trainable };
}

function tensorOf({ dtype, shape }: TensorType): TensorView {
  return { dtype, shape: shape.map(plainSize) };
}

function optionsOf({ node }: Group): Pick<BlockView, 'options'> {
  if (node === undefined || node.kind === 'cond') return {};
  const options: Record<string, string> = {};
  if (node.kind === 'scan') {
    options.steps = String(node.steps.length);
    if (node.steps.reverse) options.order = 'from the last to the first';
  } else if (node.kind === 'onnx')
    for (const [name, attr] of Object.entries(node.call.attrs)) options[name] = optionText(Object.values(attr)[0]);
  else for (const [name, value] of Object.entries(node.attrs)) if (value !== undefined) options[name] = optionText(value);
  return Object.keys(options).length === 0 ? {} : { options };
}
