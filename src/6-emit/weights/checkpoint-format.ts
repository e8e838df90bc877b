/** What the metadata of a checkpoint of a training call its format. */
export const checkpointFormat = 'archc training';

/** The parts of a checkpoint that are no weights: what the optimizer remembers, moving averages, and counters, which are scalars. */
export function isTrainingState({ name, shape }: { readonly name: string; readonly shape: readonly number[] }): boolean {
  return shape.length === 0 || name.startsWith('optimizer.') || name.startsWith('ema.');
}
