/** What the metadata of a checkpoint of a training call its format. */
export const checkpointFormat = 'archc training';

/** The parts of a checkpoint other than weights: optimizer state, moving averages, and scalar counters. */
export function isTrainingState({ name, shape }: { readonly name: string; readonly shape: readonly number[] }): boolean {
  return shape.length === 0 || name.startsWith('optimizer.') || name.startsWith('ema.');
}
