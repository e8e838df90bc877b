import type { OrtTensor } from '../session/ort.js';

/** How far a training is. */
export interface Counters {
  /** How many steps were taken, with those that were skipped. */
  readonly stepCount: number;
  readonly skippedSteps: number;
  /** Undefined where the loss is not scaled. */
  readonly lossScale: number | undefined;
}

/** Before the first step of a training that is not loaded yet. */
export const noSteps: Counters = { stepCount: 0, skippedSteps: 0, lossScale: undefined };

/** Reads the states that stay in memory; `get` gives one by its name, if the training has it. */
export function countersIn(get: (state: string) => OrtTensor | undefined): Counters {
  const numberOf = (state: string): number | undefined => {
    const tensor = get(state);
    return tensor === undefined ? undefined : Number((tensor.data as ArrayLike<number>)[0]);
  };
  const skippedSteps = numberOf('skipped_steps') ?? 0;
  return { stepCount: (numberOf('step') ?? 0) + skippedSteps, skippedSteps, lossScale: numberOf('loss_scale') };
}
