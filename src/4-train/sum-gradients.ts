import type { Node, OpNode, Region, Value } from '../3-graph/graph.js';
import { GraphBuilder } from '../3-graph/graph-builder.js';
import type { Dim } from '../dims/dim.js';
import { nth } from '../ops/only.js';
import type { Gradients } from './gradients.js';

/**
 * The contributions of nodes to the gradients of values, which are summed when they are read. The contribution of a slice is zero outside of it: if slices of one axis are adjacent and
 * cover the axis, as those of the joined projections of attention do, the sum is a concat.
 */
export class GradientSums {
  readonly #region: Region;
  readonly #parts: Map<Value, { readonly values: readonly [Value, ...Value[]]; readonly last: Node | undefined }>;

  constructor(region: Region, from: Gradients) {
    this.#region = region;
    this.#parts = new Map([...from].map(([value, gradient]) => [value, { values: [gradient], last: undefined }]));
  }

  has(value: Value): boolean {
    return this.#parts.has(value);
  }

  /** Adds what a node contributes. */
  add(to: Value, part: Value, by: Node): void {
    const [first, ...more] = this.#parts.get(to)?.values ?? [];
    this.#parts.set(to, { values: first === undefined ? [part] : [first, ...more, part], last: by });
  }

  get(value: Value): Value | undefined {
    const known = this.#parts.get(value);
    if (known === undefined || known.last === undefined) return known?.values[0];
    const [first, ...others] = known.values;
    const g = new GraphBuilder(this.#region, known.last.origin);
    const sum = joinedSlices(g, known.values) ?? others.reduce((all, part) => g.add(all, part), first);
    this.#parts.set(value, { values: [sum], last: undefined });
    return sum;
  }
}

/** A tensor with zeros before and after it along one axis. */
interface Padded {
  readonly part: Value;
  readonly axis: number;
  readonly start: number;
  readonly size: number;
}

function joinedSlices(g: GraphBuilder, parts: readonly Value[]): Value | undefined {
  if (parts.length < 2) return undefined;
  const padded = parts.map(paddedOf);
  const [one] = padded;
  if (one === undefined) return undefined;
  const known = padded.filter((slice) => slice?.axis === one.axis) as readonly Padded[];
  if (known.length < parts.length) return undefined;
  const sorted = known.toSorted((a, b) => a.start - b.start);
  let end = 0;
  for (const { start, size } of sorted) {
    if (start !== end) return undefined;
    end += size;
  }
  if (nth(nth(parts, 0).type.shape, one.axis).constant !== end) return undefined;
  return g.concat(
    sorted.map(({ part }) => part),
    one.axis,
  );
}

function paddedOf({ source }: Value): Padded | undefined {
  if (source.kind !== 'node' || source.node.kind !== 'op' || source.node.op.name !== 'pad') return undefined;
  const { inputs, attrs } = source.node as OpNode;
  const { pads, axes = [], mode, value } = attrs as unknown as PadOptions;
  if (mode !== 'constant' || value !== 0) return undefined;
  const isWidened = (i: number) => nth(pads, i).constant !== 0 || nth(pads, axes.length + i).constant !== 0;
  const [place, ...more] = [...axes.keys()].filter(isWidened);
  if (place === undefined || more.length > 0) return undefined;
  const axis = nth(axes, place);
  const part = inputs[0] as Value; // it has one input
  const [start, size] = [nth(pads, place).constant, part.type.shape[axis]?.constant];
  return start === undefined || size === undefined ? undefined : { part, axis, start, size };
}

interface PadOptions {
  /** Before each of the axes, then after each. */
  readonly pads: readonly Dim[];
  readonly axes?: readonly number[];
  readonly mode: string;
  readonly value: number;
}
