import { isFloat } from '../../ops/types.js';
import { indexOfElement } from '../pure/index-of-element.js';
import { elementsOf, type TensorData } from '../pure/tensor-data.js';
import { numbersOf } from '../pure/tensor-numbers.js';
import { bytesOfEntry, type Entry } from './entries.js';
import { type InputNotFinite, type StepPart, TrainingError } from './training-error.js';
import type { Results } from './training-graph.js';

const outputs: Readonly<Record<StepPart, string>> = { loss: 'loss', gradient: 'gradient.norm', change: 'change.norm' };

/** The first part among the results of a graph that is infinite or NaN, with its value. */
export function partNotFinite(results: Results): { readonly part: StepPart; readonly value: number } | undefined {
  for (const part of ['loss', 'gradient', 'change'] as const) {
    const value = results.get(outputs[part]);
    if (value !== undefined && !Number.isFinite(value)) return { part, value };
  }
  return undefined;
}

/** The loss of a step by what its graphs have computed: that of the last batch, or the first that is infinite or NaN. */
export function lossOf(results: readonly Results[]): number {
  const losses = results.flatMap((result) => result.get('loss') ?? []);
  return losses.find((value) => !Number.isFinite(value)) ?? losses.at(-1) ?? Number.NaN;
}

/** The names of those entries that have an element that is infinite or NaN. */
export function entriesNotFinite(entries: readonly Entry[], states: ReadonlyMap<string, TensorData>): readonly string[] {
  const isBroken = (entry: Entry): boolean => {
    const state = states.get(entry.state);
    if (state === undefined || entry.dtype !== 'f32') return false;
    const { dtype, shape } = entry;
    return !(elementsOf({ dtype, shape, bytes: bytesOfEntry(entry, state) }) as Float32Array).every(Number.isFinite);
  };
  return entries.filter(isBroken).map(({ name }) => name);
}

/** The first such element: NaN, which no model is given on purpose, before infinity, which masks have. */
export function inputNotFinite(batches: readonly ReadonlyMap<string, TensorData>[]): InputNotFinite | undefined {
  for (const isBad of [Number.isNaN, (value: number) => !Number.isFinite(value)])
    for (const [i, tensors] of batches.entries())
      for (const [name, tensor] of tensors) {
        if (!isFloat(tensor.dtype)) continue;
        const numbers = numbersOf(tensor);
        const at = numbers.findIndex(isBad);
        if (at < 0) continue;
        return {
          name,
          value: numbers[at] ?? Number.NaN,
          index: indexOfElement(tensor.shape, at),
          batch: batches.length > 1 ? i + 1 : undefined,
        };
      }
  return undefined;
}

/** Throws `TrainingError` for states that are infinite or NaN: their file would replace the last one that can be used. */
export function demandUseful(entries: readonly Entry[], states: ReadonlyMap<string, TensorData>): void {
  const broken = entriesNotFinite(entries, states);
  if (broken.length > 0) throw new TrainingError({ kind: 'broken-state', broken });
}
