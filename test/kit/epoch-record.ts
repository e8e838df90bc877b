import type { EpochRecord } from '../../src/data/history.js';

/** An epoch of ten steps with this held-out loss. */
export function epochRecord(number: number, loss: number | null): EpochRecord {
  return {
    epoch: number,
    step: number * 10,
    lr: 0.001,
    train: { loss: 1 / number, accuracy: 0.5 },
    heldOut: loss === null ? null : { loss, accuracy: 0.25 },
    trace: [1 / number, 0.9 / number],
  };
}
