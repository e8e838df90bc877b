import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Report } from '../../diagnostics/report.js';
import type { Dim } from '../../dims/dim.js';
import { DimLimitError } from '../../dims/dim-error.js';
import { bytesOfElements } from '../../ops/types.js';
import { checkRanges } from './check-ranges.js';
import { FeedError } from './feed-error.js';
import { type InputSlot, inputSlots } from './input-slots.js';
import { randomTensor } from './random-tensor.js';
import { resolveSizes } from './resolve-sizes.js';
import { type Demands, type Signature, sizeNames } from './signature.js';
import { emptySizes, startTensor } from './state-start.js';
import type { TensorData } from './tensor-data.js';

/** What the user gives for a run. */
export interface FeedRequest {
  /** Tensors by input, in the element types of the inputs; the others are generated. */
  readonly given: ReadonlyMap<string, TensorData>;
  /** Sizes by name. */
  readonly bound: ReadonlyMap<string, number>;
  /** Seed of the generated tensors. */
  readonly seed: number;
  /**
   * The problems of the model with a size for every name, for a model whose source is at hand: the checker reports names that do not exist,
   * and demands that were open as long as sizes were names, where they arise. Without it, both are refused here.
   */
  readonly recheck?: ((sizes: ReadonlyMap<string, number>) => readonly Diagnostic[]) | undefined;
}

/**
 * A tensor for every input, in the order of the model: the given ones, for states what they are before the first call, and generated ones of sizes that fit. Everything that the model
 * demands of the sizes holds for them; undefined if something does not, which was reported. Throws `FeedError` for a request that does not
 * fit the model.
 */
export function makeFeeds(signature: Signature, request: FeedRequest, report: Report): ReadonlyMap<string, TensorData> | undefined {
  const { given, bound, seed, recheck } = request;
  const slots = inputSlots(signature, given);
  if (recheck === undefined) refuseUnknownSizes(slots, bound);
  const demands = recheck === undefined ? closed(signature.demands) : signature.demands;
  const sizes = resolveSizes(slots, given, { bound, empty: emptySizes(signature) }, demands, report);
  if (sizes === undefined) return undefined;
  const problems = recheck?.(sizes) ?? [];
  for (const problem of problems) report.push(withSizes(problem, slots, sizes));
  if (problems.length > 0) return undefined;
  checkRanges(signature, given, sizes);
  refuseLarge(slots, given, sizes);
  const states = new Map(signature.states.map(({ input, start }) => [input, start]));
  const made = (slot: InputSlot): TensorData => {
    const [shape, start] = [shapeOf(slot, sizes), states.get(slot.name)];
    return (start && startTensor(slot, start, shape)) ?? randomTensor(slot, shape, seed);
  };
  return new Map(slots.map((slot) => [slot.name, given.get(slot.name) ?? made(slot)]));
}

function refuseUnknownSizes(slots: readonly InputSlot[], bound: ReadonlyMap<string, number>): void {
  const known = sizeNames(slots);
  const name = [...bound.keys()].find((other) => !known.includes(other));
  if (name !== undefined) throw new FeedError({ kind: 'unknown-size', name, known });
}

/** Throws `FeedError` for inputs that no array holds, or no message to the process that runs the model. */
function refuseLarge(slots: readonly InputSlot[], given: FeedRequest['given'], sizes: ReadonlyMap<string, number>): void {
  const made = slots.filter(({ name }) => !given.has(name)).map((slot) => ({ slot, bytes: bytesIn(slot, sizes) }));
  if (made.reduce((sum, { bytes }) => sum + bytes, 0) < largestInputs) return;
  const [largest] = made.sort((a, b) => b.bytes - a.bytes);
  if (largest === undefined) return;
  const shape = largest.slot.shape.map((size) => approximate(size, sizes));
  throw new FeedError({ kind: 'too-large', name: largest.slot.name, shape });
}

/** All inputs that are made, in bytes. */
const largestInputs = 2 ** 31;

function bytesIn({ dtype, shape }: InputSlot, sizes: ReadonlyMap<string, number>): number {
  return bytesOfElements(
    dtype,
    shape.reduce((product, size) => product * approximate(size, sizes), 1),
  );
}

/** The size, or infinity for one that no number holds exactly. */
function approximate(size: Dim, sizes: ReadonlyMap<string, number>): number {
  try {
    return size.evaluate(sizes);
  } catch (error) {
    if (error instanceof DimLimitError) return Infinity;
    throw error;
  }
}

/** The same demands, where those that were left open must hold as well. */
function closed({ facts, open }: Demands): Demands {
  return { facts: [...facts, ...open], open: [] };
}

function shapeOf(slot: InputSlot, sizes: ReadonlyMap<string, number>): readonly number[] {
  return slot.shape.map((size) => size.evaluate(sizes));
}

/** The problem with a note at each input about its sizes in this run. */
function withSizes(problem: Diagnostic, slots: readonly InputSlot[], sizes: ReadonlyMap<string, number>): Diagnostic {
  if (problem.code === 'unknown-size') return problem;
  const open = slots.filter((slot) => slot.shape.some((size) => size.constant === undefined));
  const notes = open.map((slot) => ({ span: slot.span, text: `[${shapeOf(slot, sizes).join(', ')}] in this run` }));
  return { ...problem, notes: [...problem.notes, ...notes] };
}
