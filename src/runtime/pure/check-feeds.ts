import { FeedError } from './feed-error.js';
import { inputSlots, type Shaped } from './input-slots.js';
import { resolveSizes } from './resolve-sizes.js';
import type { Signature } from './signature.js';
import { firstProblem } from './size-report.js';

/**
 * Demands a tensor for every input and no other, with shapes that fit the model and each other. Throws `FeedError` for the first that does not; what the model leaves open must
 * hold, too. Returns the sizes that the names in the shapes have.
 */
export function checkFeeds(signature: Pick<Signature, 'inputs' | 'demands'>, given: ReadonlyMap<string, Shaped>): Sizes {
  demandInputs(signature, given);
  const { facts, open } = signature.demands;
  const slots = inputSlots({ ...signature, outputs: new Map(), states: [] }, given);
  const sizes = resolveSizes(slots, given, { bound: new Map(), empty: new Map() }, { facts: [...facts, ...open], open: [] }, firstProblem);
  return sizes ?? new Map();
}

type Sizes = ReadonlyMap<string, number>;

/** Throws `FeedError` if a tensor is missing, or given for an input that there is not. */
export function demandInputs({ inputs }: Pick<Signature, 'inputs'>, given: ReadonlyMap<string, unknown>): void {
  const known = inputs.map(({ name }) => name);
  for (const name of given.keys()) if (!known.includes(name)) throw new FeedError({ kind: 'unknown-input', name, known });
  for (const name of known) if (!given.has(name)) throw new FeedError({ kind: 'missing-input', name });
}
