import type { TrainingManifest } from '../../api/training.js';
import { TrainingError } from './training-error.js';

/** Throws `TrainingError` if the graph computes the learning rate itself, and `RangeError` for one that is not a number from 0 on that f32 has. */
export function demandRate({ name, hasRate }: TrainingManifest, value: number): void {
  if (!hasRate) throw new TrainingError({ kind: 'rate-in-graph', name });
  if (!(value >= 0 && Number.isFinite(Math.fround(value))))
    throw new RangeError(`the learning rate is ${value}, and must be at least 0 and finite in f32`);
}
