import type { Graph } from '../../3-graph/graph.js';
import { Dim } from '../../dims/dim.js';
import type { Facts } from '../../dims/facts.js';
import { KnownSizes } from '../../dims/known-sizes.js';
import { solutionsOf } from '../../dims/solve.js';
import type { TensorType } from '../../ops/types.js';

/** The terms in which the sizes of a graph are lowered, and how the file shows them. */
export interface LoweredSizes {
  /** What is known about sizes, in these terms. */
  readonly facts: Facts;
  size(size: Dim): Dim;
  type(type: TensorType): TensorType;
  /** The attributes of an operator. */
  attrs(attrs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** A type with its sizes in the names of the model. */
  shown(type: TensorType): TensorType;
}

/** Sizes exactly as the model has them. */
export function writtenSizes({ facts }: Graph): LoweredSizes {
  const same = <T>(what: T) => what;
  return { facts, size: same, type: same, attrs: same, shown: same };
}

/**
 * Sizes in terms of those variables that the facts of the graph leave open, so that an operator sees a number wherever there is one, such as the padding of a convolution with `padding = "same"` and
 * stride 2 where `H % 32 == 0`. Sizes stay as the model has them if the axes of the inputs do not determine these variables.
 */
export function knownSizes(graph: Graph): LoweredSizes {
  const known = new KnownSizes(graph.facts);
  const size = (of: Dim) => known.known(of);
  const isKept = graph.newSizes.every((made) => size(made.size).variableName === made.name);
  const made = new Set(graph.newSizes.map(({ name }) => name));
  const shapes = graph.inputs.map(({ type }) => type.shape.map(size));
  const solutions = solutionsOf(shapes);
  const isSolved = shapes.flat().every((axis) => [...axis.variables()].every((name) => made.has(name) || solutions.has(name)));
  if (!isKept || !isSolved) return writtenSizes(graph);
  const attr = (value: unknown): unknown => (value instanceof Dim ? size(value) : Array.isArray(value) ? value.map(attr) : value);
  return {
    facts: known.facts,
    size,
    type: ({ dtype, shape }) => ({ dtype, shape: shape.map(size) }),
    attrs: (attrs) => Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, attr(value)])),
    shown: ({ dtype, shape }) => ({ dtype, shape: shape.map((of) => known.written(of)) }),
  };
}
