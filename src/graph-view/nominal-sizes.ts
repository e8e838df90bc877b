import type { Graph } from '../3-graph/graph.js';
import type { Dim } from '../dims/dim.js';
import { DimError } from '../dims/dim-error.js';
import { type Fact, variablesOf } from '../dims/fact.js';
import { holdsAt } from '../dims/witness.js';

const ordinary = 128;

/** Tried for all sizes together if the first choice breaks what the model states. */
const candidates = [ordinary, 64, 32, 224, 256, 512, 16, 8, 4, 2, 1, 3] as const;

/** Sizes for which costs are compared: one sequence or image, of an ordinary length. They satisfy what the model states; none if none of those that are tried do. */
export function nominalSizes(graph: Graph): ReadonlyMap<string, number> {
  const names = [...new Set(graph.inputs.flatMap(({ type }) => type.shape.flatMap((size) => [...size.variables()])))];
  const made = new Set(graph.newSizes.filter(({ by }) => by === 'data').map(({ name }) => name));
  const open = names.filter((name) => !made.has(name));
  const attempts = [preferred, ...candidates.flatMap((size) => [(name: string) => (isBatch(name) ? 1 : size), () => size])];
  for (const sizeOf of attempts) {
    const sizes = new Map(open.map((name) => [name, sizeOf(name)]));
    const isLegal = [...graph.stated, ...graph.open].every((fact) => mayHold(fact, sizes));
    const isPossible = graph.inputs.every(({ type }) => type.shape.every((size) => (countAt(size, sizes) ?? 0) >= 0));
    if (isLegal && isPossible) return withDataSizes(graph, sizes);
  }
  return new Map();
}

function preferred(name: string): number {
  if (isBatch(name)) return 1;
  return /^[HW]\d?$/.test(name) ? 224 : ordinary;
}

function isBatch(name: string): boolean {
  return name === 'N' || name === 'B' || /^batch/i.test(name);
}

function mayHold(fact: Fact, sizes: ReadonlyMap<string, number>): boolean {
  return variablesOf(fact).some((name) => !sizes.has(name)) || holdsAt(fact, sizes);
}

/** Sizes that the data decide are ordinary, too, as far as their bounds allow it. */
function withDataSizes(graph: Graph, sizes: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const all = new Map(sizes);
  for (const { name, least, most } of graph.newSizes) {
    if (all.has(name)) continue;
    const [from = 0, to = ordinary] = [countAt(least, all), most === undefined ? undefined : countAt(most, all)];
    all.set(name, Math.max(from, Math.min(to, ordinary)));
  }
  return all;
}

/** The value of a formula for these sizes; undefined if it needs others, or is too large to be exact. */
export function countAt(formula: Dim, sizes: ReadonlyMap<string, number>): number | undefined {
  if (formula.constant !== undefined) return formula.constant;
  for (const name of formula.variables()) if (!sizes.has(name)) return undefined;
  try {
    return formula.evaluate(sizes);
  } catch (error) {
    if (error instanceof DimError) return undefined;
    throw error;
  }
}
