import type { TrainingCost, TrainingManifest } from '../../api/training.js';
import { parseSize } from '../../dims/parse.js';
import { largest } from '../../lists.js';
import type { Room } from '../session/room.js';
import { TrainingError } from './training-error.js';

/** Throws `TrainingError` if there is no room for a step with a batch of these sizes; without sizes, if there is none regardless of the sizes. */
export function demandRoom({ name, cost: open }: TrainingManifest, sizes: ReadonlyMap<string, number>, room: Room | undefined): void {
  if (room === undefined) return;
  const cost = costAt(open, sizes);
  const { where, bytes, tensorBytes } = room;
  const needed = leastBytes(cost);
  if (bytes !== undefined && needed > bytes) throw new TrainingError({ kind: 'too-large', name, what: 'step', needed, where, bytes, cost });
  const most = largest(cost.largestBytes.filter((size) => typeof size === 'number'));
  if (tensorBytes !== undefined && most > tensorBytes)
    throw new TrainingError({ kind: 'too-large', name, what: 'tensor', needed: most, where, bytes: tensorBytes, cost });
}

/** The bytes of a step, without those that depend on sizes that are not known. */
function leastBytes({ leastBytes, trained, frozen, state, gradients }: TrainingCost): number {
  if (typeof leastBytes === 'number') return leastBytes;
  return trained.bytes + frozen.bytes + state.bytes + gradients.bytes;
}

/** The same with numbers instead of formulas in these sizes. */
function costAt(cost: TrainingCost, sizes: ReadonlyMap<string, number>): TrainingCost {
  const at = (formula: number | string): number | string => {
    const size = typeof formula === 'string' ? parseSize(formula) : undefined;
    // Some sizes are decided by the data in each run.
    return size === undefined || [...size.variables()].some((name) => !sizes.has(name)) ? formula : size.evaluate(sizes);
  };
  const { keptBytes, leastBytes, largestBytes, flops } = cost;
  return { ...cost, keptBytes: at(keptBytes), leastBytes: at(leastBytes), largestBytes: largestBytes.map(at), flops: at(flops) };
}
