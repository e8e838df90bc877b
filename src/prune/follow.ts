import {
  type Body,
  inputValues,
  mapInputs,
  type Node,
  type OpNode,
  operatorName,
  type Region,
  reportedAt,
  type Value,
} from '../3-graph/graph.js';
import type { Program } from '../3-graph/program.js';
import { attrsKey } from '../5-optimize/attrs-key.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { Span } from '../diagnostics/span.js';
import { bindInputs } from '../ops/bind.js';
import { nth } from '../ops/only.js';
import type { NdArray, TensorType } from '../ops/types.js';
import type { AxisLabels, Call, Pruned } from './axis-rule.js';
import { Channels, type Labels } from './channels.js';
import { axisRule } from './rules/index.js';
import { Unprunable } from './unprunable.js';

/** Where a number of channels is demanded, and the name of the value there. */
export interface ChannelPlace {
  readonly span: Span;
  readonly name: string;
}

/** The axes of weights that get smaller, with their channels, by the names of the weights. */
export interface FollowedModel {
  readonly channels: Channels<ChannelPlace>;
  readonly weights: ReadonlyMap<string, AxisLabels>;
}

/** Why one model is not a part of the other, and where. */
export interface Difference {
  readonly problem: string;
  readonly span: Span;
}

/**
 * Compares a model with the same model at smaller sizes, node by node, and follows the channels of every axis that gets smaller from the weights through all graphs. The smaller model is part of the
 * other if both do the same to the channels that stay; otherwise the first difference is returned.
 */
export function followChannels(from: Program, to: Program): FollowedModel | Difference {
  const channels = new Channels<ChannelPlace>();
  const weights = new Map<string, AxisLabels>();
  for (const [i, { graph, checked }] of from.entries.entries()) {
    const pairs = new Pairs(channels, weights);
    // The entries are the same, since settings do not affect them.
    const other = nth(to.entries, i);
    try {
      pairs.pairParameters(graph.parameters, other.graph.parameters);
      const states = new Set(graph.states.map(({ state }) => state.input));
      const next = new Map(graph.states.map(({ state }) => [state.output, state.input]));
      pairs.span = checked.span;
      pairs.pairInputs(graph, other.graph, states);
      pairs.walk(graph, other.graph);
      pairs.span = checked.span;
      pairs.pairOutputs(graph, other.graph, next);
    } catch (error) {
      if (!(error instanceof Unprunable)) throw error;
      return { problem: error.message, span: pairs.span ?? checked.span };
    }
  }
  return { channels, weights };
}

/** The values of a region in both models. */
class Pairs {
  readonly #channels: Channels<ChannelPlace>;
  readonly #weights: Map<string, AxisLabels>;
  readonly #known = new Map<Value, { readonly to: Value; readonly pruned: Pruned }>();
  readonly #inputs = new Map<string, Value>();
  /** The place of the current node. */
  span: Span | undefined;

  constructor(channels: Channels<ChannelPlace>, weights: Map<string, AxisLabels>) {
    this.#channels = channels;
    this.#weights = weights;
  }

  /** Pairs parameters. Axes that get smaller begin with channels of their own, which are the same in every graph that reads the parameter. */
  pairParameters(from: readonly Value[], to: readonly Value[]): void {
    const others = new Map(to.map((value) => [value.hint, value]));
    for (const value of from) {
      const { hint: name = '', source } = value;
      if (source.kind !== 'parameter') throw new InternalError(`${name} is not a parameter`);
      this.span = source.parameter.span;
      const other = others.get(name);
      if (other === undefined) throw new Unprunable(`it has no \`${name}\``);
      const axes = this.#weights.get(name) ?? this.#begin(value.type, other.type, name);
      this.#weights.set(name, axes);
      this.#pair(value, other, axes);
      others.delete(name);
    }
    for (const name of others.keys()) throw new Unprunable(`it also has \`${name}\``);
  }

  /** Pairs inputs. They keep their sizes; states may get smaller together with the weights that compute them. */
  pairInputs(from: Region, to: Region, states: ReadonlySet<string> = new Set()): void {
    if (from.inputs.length !== to.inputs.length) throw new Unprunable('its inputs would differ');
    for (const [i, value] of from.inputs.entries()) {
      const other = nth(to.inputs, i);
      const name = value.hint ?? `input ${i}`;
      const axes = this.#begin(value.type, other.type, name);
      if (!states.has(name) && axes.some((labels) => labels !== undefined)) throw new Unprunable(`its input \`${name}\` is smaller`);
      this.#inputs.set(name, value);
      this.#pair(value, other, axes);
    }
  }

  /** Pairs outputs, which keep their sizes, too. `next` gives the state that an output is the next value of. */
  pairOutputs(from: Region, to: Region, next: ReadonlyMap<string, string> = new Map()): void {
    if (from.outputs.length !== to.outputs.length) throw new Unprunable('its outputs would differ');
    for (const [i, { name, value }] of from.outputs.entries()) {
      const { pruned } = this.#paired(value, nth(to.outputs, i).value);
      const state = this.#inputs.get(next.get(name) ?? '');
      const before = state && this.#known.get(state)?.pruned;
      for (const [axis, labels] of pruned.axes.entries()) {
        const own = before?.axes[axis];
        if ((labels === undefined) !== (own === undefined))
          throw new Unprunable(`its output \`${name}\` would have ${pruned.to[axis]} instead of ${pruned.from[axis]}`);
        if (labels !== undefined && own !== undefined) this.#channels.join(labels, own);
      }
    }
  }

  walk(from: Region, to: Region): void {
    const others = [...to.nodes];
    const nodes = [...from.nodes];
    for (const [i, node] of nodes.entries()) {
      const other = others[i];
      this.span = reportedAt(node.origin) ?? this.span;
      if (other === undefined || operatorName(node) !== operatorName(other))
        throw new Unprunable(
          `it would compute ${other === undefined ? 'nothing' : `\`${operatorName(other)}\``} instead of \`${operatorName(node)}\``,
        );
      this.#node(node, other);
    }
    const more = others[nodes.length];
    if (more !== undefined) throw new Unprunable(`it would also compute \`${operatorName(more)}\``);
  }

  #node(node: Node, other: Node): void {
    const [values, otherValues] = [inputValues(node), inputValues(other)];
    const isSameForm = node.inputs.map(formOf).join() === other.inputs.map(formOf).join();
    if (!isSameForm || node.outputs.length !== other.outputs.length)
      throw new Unprunable(`\`${operatorName(node)}\` would have different inputs or outputs`);
    const inputs = values.map((value, i) => this.#paired(value, nth(otherValues, i)).pruned);
    const outputs = node.outputs.map((value, i) => ({ from: value.type, to: nth(other.outputs, i).type }));
    const shrinks =
      inputs.some(({ axes }) => axes.some((labels) => labels !== undefined)) ||
      outputs.some(({ from, to }) => shrinksTo(from, to, operatorName(node)));
    if (node.kind === 'op' && other.kind === 'op') {
      const results = shrinks ? this.#follow(node, other) : unchanged(node, other);
      for (const [i, value] of node.outputs.entries()) this.#pair(value, nth(other.outputs, i), nth(results, i));
      return;
    }
    if (shrinks) throw new Unprunable(`archc does not follow channels through \`${operatorName(node)}\``);
    if (node.kind === 'onnx' && other.kind === 'onnx' && attrsKey({ ...node.call }) !== attrsKey({ ...other.call }))
      throw new Unprunable(`\`${operatorName(node)}\` would have different options`);
    if ('bodies' in node && 'bodies' in other) {
      if (node.kind === 'scan' && other.kind === 'scan' && !node.steps.length.equals(other.steps.length))
        throw new Unprunable(`the scan would have ${other.steps.length} steps instead of ${node.steps.length}`);
      for (const [i, body] of node.bodies.entries()) this.#body(body, nth(other.bodies, i));
    }
    for (const [i, value] of node.outputs.entries())
      this.#pair(
        value,
        nth(other.outputs, i),
        value.type.shape.map(() => undefined),
      );
  }

  /** Compares bodies, which must be the same: nothing in them gets smaller. */
  #body(from: Body, to: Body): void {
    const pairs = new Pairs(this.#channels, this.#weights);
    pairs.span = this.span;
    try {
      pairs.pairInputs(from, to);
      pairs.walk(from, to);
      pairs.pairOutputs(from, to);
    } finally {
      this.span = pairs.span;
    }
  }

  #follow(node: OpNode, other: OpNode): readonly AxisLabels[] {
    const { op, attrs } = node;
    const rule = axisRule(op);
    if (rule === undefined) throw new Unprunable(`archc does not follow channels through \`${op.name}\``);
    const fixed = ([name]: readonly [string, unknown]) => rule.sizes?.includes(name) !== true;
    const fixedAttrs = (of: OpNode) => Object.fromEntries(Object.entries(of.attrs).filter(fixed));
    if (attrsKey(fixedAttrs(node)) !== attrsKey(fixedAttrs(other))) throw new Unprunable(`\`${op.name}\` would have different options`);
    const pruned = mapInputs(node.inputs, (value) => this.#prunedOf(value));
    const place = { span: this.span ?? node.origin.span, name: op.name };
    const call: Call = {
      op: op.name,
      channels: this.#channels,
      x: bindInputs<Pruned>(op, pruned),
      xs: pruned.flatMap((input) => input ?? []) as readonly Pruned[],
      y: node.outputs.map(({ type }, i) => ({ from: type.shape, to: nth(other.outputs, i).type.shape })),
      attrs,
      toAttrs: other.attrs,
      demand: (labels, kept) => this.#demand(labels, kept, place),
    };
    return rule.axes(call);
  }

  #prunedOf(value: Value): Pruned {
    const known = this.#known.get(value)?.pruned;
    if (known !== undefined) return known;
    // A constant is the same in both models, as `#paired` has checked.
    const { shape } = value.type;
    return { from: shape, to: shape, axes: shape.map(() => undefined) };
  }

  /** What is known about an input of both nodes. Throws if they read different values. */
  #paired(from: Value, to: Value): { readonly pruned: Pruned } {
    const known = this.#known.get(from);
    if (known?.to === to) return known;
    const isSame = from.source.kind === 'constant' && to.source.kind === 'constant' && sameArray(from.source.array, to.source.array);
    if (isSame) return { pruned: this.#prunedOf(from) };
    throw new Unprunable(from.source.kind === 'constant' ? 'it would compute with another number' : 'it would compute with another value');
  }

  /** Records that a value is the same in both models except for removed channels. Throws if its sizes contradict that. */
  #pair(from: Value, to: Value, axes: AxisLabels): void {
    const name = from.hint ?? (from.source.kind === 'node' ? operatorName(from.source.node) : 'this');
    shrinksTo(from.type, to.type, name);
    for (const [axis, size] of from.type.shape.entries()) {
      const labels = axes[axis];
      const after = nth(to.type.shape, axis);
      if (labels === undefined ? !size.equals(after) : labels.length !== size.constant || size.equals(after))
        throw new Unprunable(
          `${quoted(name)} would have ${after} instead of ${size}, which does not follow from the channels that are removed`,
        );
      if (labels !== undefined && after.constant !== undefined) this.#demand(labels, after.constant, { span: this.span, name });
    }
    this.#known.set(from, { to, pruned: { from: from.type.shape, to: to.type.shape, axes } });
  }

  #demand(labels: Labels, kept: number, { span, name }: { readonly span: Span | undefined; readonly name: string }): void {
    if (span !== undefined) this.#channels.demand(labels, kept, { span, name });
  }

  #begin(from: TensorType, to: TensorType, name: string): AxisLabels {
    shrinksTo(from, to, name);
    return from.shape.map((size, axis) =>
      size.equals(nth(to.shape, axis)) || size.constant === undefined ? undefined : this.#channels.fresh(size.constant),
    );
  }
}

/** Whether some axis is smaller in the second type. Throws if one is larger, or if the types differ in another way. */
function shrinksTo(from: TensorType, to: TensorType, name: string): boolean {
  if (from.dtype !== to.dtype || from.shape.length !== to.shape.length) throw new Unprunable(`${quoted(name)} would have a different type`);
  let shrinks = false;
  for (const [axis, size] of from.shape.entries()) {
    const after = nth(to.shape, axis);
    if (size.equals(after)) continue;
    const isSmaller = size.constant !== undefined && after.constant !== undefined && after.constant < size.constant;
    const isLarger = size.constant !== undefined && after.constant !== undefined && after.constant > size.constant;
    if (!isSmaller) throw new Unprunable(`a size of ${quoted(name)} would ${isLarger ? 'grow' : 'change'} from ${size} to ${after}`);
    shrinks = true;
  }
  return shrinks;
}

function quoted(name: string): string {
  return `\`${name}\``;
}

function unchanged(node: OpNode, other: OpNode): readonly AxisLabels[] {
  if (attrsKey(node.attrs) !== attrsKey(other.attrs)) throw new Unprunable(`\`${node.op.name}\` would have different options`);
  return node.outputs.map(({ type }) => type.shape.map(() => undefined));
}

function formOf(input: Node['inputs'][number]): string {
  return input === undefined ? '-' : 'length' in input ? String((input as readonly Value[]).length) : 'x';
}

function sameArray(a: NdArray, b: NdArray): boolean {
  const sizes = a.shape.join() === b.shape.join() && a.dtype === b.dtype;
  return sizes && a.data.every((value, i) => Object.is(value, b.data[i]));
}
