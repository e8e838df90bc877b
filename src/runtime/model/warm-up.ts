import { Dim } from '../../dims/dim.js';
import { FeedError } from '../pure/feed-error.js';
import { inputSlots } from '../pure/input-slots.js';
import { integersIn } from '../pure/integer-range.js';
import { resolveSizes } from '../pure/resolve-sizes.js';
import type { Signature } from '../pure/signature.js';
import { sizeNames } from '../pure/signature.js';
import { firstProblem } from '../pure/size-report.js';
import { emptySizes } from '../pure/state-start.js';
import { elementCount, type TensorData } from '../pure/tensor-data.js';
import { tensorOf } from '../pure/tensor-numbers.js';

/** Inputs that a model accepts, with the least value of each: with the given sizes, and small ones where nothing is said. Throws `FeedError` for sizes that it cannot have. */
export function warmInputs(signature: Signature, sizes: Readonly<Record<string, number>>): ReadonlyMap<string, TensorData> {
  const slots = inputSlots(signature, new Map());
  const known = sizeNames(slots);
  const bound = new Map(Object.entries(sizes).filter(([name]) => known.includes(name)));
  const { facts, open } = signature.demands;
  const all = resolveSizes(
    slots,
    new Map(),
    { bound, empty: emptySizes(signature) },
    { facts: [...facts, ...open], open: [] },
    firstProblem,
  );
  if (all === undefined) throw new FeedError({ kind: 'bad-shape', reason: 'no sizes were found that fit the model' });
  const ofStates = new Set(signature.states.map(({ input }) => input));
  const ranges = new Map(signature.inputs.map(({ name, range }) => [name, range]));
  return new Map(
    slots
      .filter(({ name }) => !ofStates.has(name))
      .map(({ name, dtype, shape }) => {
        const numbers = shape.map((size) => size.evaluate(all));
        const range = ranges.get(name);
        const least = range === undefined || integersIn(range, all)?.has(0) !== false ? Dim.zero : range.least;
        return [name, tensorOf(dtype, numbers, new Float64Array(elementCount(numbers)).fill(least.evaluate(all)))];
      }),
  );
}
