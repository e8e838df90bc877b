import { FeedError } from './feed-error.js';
import { givenSizes } from './given-sizes.js';
import { inputSlots, type Shaped } from './input-slots.js';
import type { Signature } from './signature.js';
import { firstProblem } from './size-report.js';
import { emptySizes, startTensor } from './state-start.js';
import type { TensorData } from './tensor-data.js';

/**
 * The states for which no tensor is given, as they are before the first call: their sizes are those of the given tensors. Throws `FeedError` for tensors that contradict each other, and for a state that must be given
 * because they leave a size of it open.
 */
export function startOfStates(signature: Signature, given: ReadonlyMap<string, Shaped>): ReadonlyMap<string, TensorData> {
  const starts = new Map(signature.states.map(({ input, start }) => [input, start]));
  const slots = inputSlots(signature, given);
  const missing = slots.filter(({ name }) => starts.has(name) && !given.has(name));
  if (missing.length === 0) return new Map();
  const sizes = givenSizes(slots, given, { bound: new Map(), empty: emptySizes(signature) }, firstProblem);
  return new Map(
    missing.map((slot) => {
      const start = starts.get(slot.name);
      const isKnown = slot.shape.every((size) => [...size.variables()].every((name) => sizes?.has(name) === true));
      const shape = sizes === undefined || !isKnown ? [] : slot.shape.map((size) => size.evaluate(sizes));
      const isPossible = isKnown && shape.every((size) => size >= 0);
      const tensor = start === undefined || !isPossible ? undefined : startTensor(slot, start, shape);
      if (tensor === undefined) throw new FeedError({ kind: 'missing-input', name: slot.name });
      return [slot.name, tensor];
    }),
  );
}
