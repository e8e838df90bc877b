import { rateAt } from '../../4-train/schedules.js';
import type { Batch, Metrics, Trainer } from '../../api/runtime.js';
import type { Dataset } from '../../data/dataset.js';
import {
  bestEpoch,
  type EpochRecord,
  EpochSums,
  epochsSinceBest,
  type PartialEpoch,
  plainResults,
  type Results,
} from '../../data/history.js';
import { batchFor } from '../../data/inputs.js';
import { type Batching, heldOutBatches, type Steps, stepCount, stepsOfEpoch } from '../../data/sampler.js';

/** Some rows of a dataset. */
export interface Rows {
  readonly dataset: Dataset;
  readonly rows: readonly number[];
}

/** What a training consists of. The same one gives the same batches, also from its middle on. */
export interface LoopSettings {
  readonly train: Rows;
  /** Undefined if nothing is held out. */
  readonly heldOut: Rows | undefined;
  readonly batching: Batching;
  readonly seed: number;
  readonly epochs: number;
  readonly patience: number | undefined;
}

/** Where a training is, besides the state of the trainer. */
export interface LoopState {
  readonly history: readonly EpochRecord[];
  /** The sums of the epoch that is not complete; its `step` is that of the trainer. */
  readonly partial: PartialEpoch | undefined;
}

/** What the loop reports. */
export interface LoopEvents {
  /** Whether the training is to end after the step or batch that runs. */
  isStopped(): boolean;
  onStep(step: StepReport): void;
  onEvaluation(batch: number, count: number): void;
  /** Called at the end of an epoch. What is written then is written before the next step. */
  onEpoch(record: EpochRecord, isBest: boolean, state: LoopState): Promise<void>;
  /** Called where the training ends within an epoch, because it is stopped or its data cannot be read. */
  onStop(state: LoopState): Promise<void>;
}

export interface StepReport {
  readonly epoch: number;
  /** In the epoch, from 1. */
  readonly step: number;
  readonly steps: number;
  readonly rows: number;
  /** The learning rate of the step. */
  readonly lr: number | null;
  /** The mean of the epoch so far. */
  readonly means: Results;
}

/** Why a training ended: all epochs are done, held-out rows do not get better, or it was stopped. */
export type LoopEnd = 'done' | 'patience' | 'stopped';

class Stop extends Error {
  override readonly name = 'Stop';
}

/** Trains from `state` on, which the trainer must be in, until the epochs are done. */
export async function trainLoop(trainer: Trainer, settings: LoopSettings, state: LoopState, events: LoopEvents): Promise<LoopEnd> {
  const history = [...state.history];
  let sums = new EpochSums(state.partial);
  const perEpoch = stepCount(settings.train.rows.length, settings.batching);
  try {
    for (;;) {
      const epoch = history.length;
      if (epoch >= settings.epochs) return 'done';
      if (settings.patience !== undefined && epoch > 0 && epochsSinceBest(history) >= settings.patience) return 'patience';
      const steps = stepsOfEpoch(settings.train.rows, settings.batching, settings.seed, epoch);
      for await (const { batches, rows, index } of stepBatches(settings, steps, epoch, trainer.stepCount - epoch * perEpoch)) {
        if (events.isStopped()) throw new Stop();
        const metrics = await takeStep(trainer, batches);
        // In f16, the loss of a step that was skipped may be infinite.
        if (Number.isFinite(metrics.loss)) sums.add(metrics, rows, index, perEpoch);
        events.onStep({ epoch: epoch + 1, step: index + 1, steps: perEpoch, rows, lr: lastRate(trainer), means: sums.means });
      }
      const heldOut =
        settings.heldOut === undefined ? null : plainResults(await evaluate(trainer, settings.heldOut, settings.batching, events));
      const before = bestEpoch(history);
      const record = {
        epoch: epoch + 1,
        step: trainer.stepCount,
        lr: lastRate(trainer),
        train: sums.means,
        heldOut,
        trace: sums.trace,
      };
      history.push(record);
      sums = new EpochSums();
      await events.onEpoch(record, bestEpoch(history) !== before, { history: [...history], partial: undefined });
    }
  } catch (error) {
    const isReadable = error instanceof Stop;
    if (!isReadable && !(error instanceof Error && (error.name === 'DataError' || error.name === 'HostError'))) throw error;
    await events.onStop({ history, partial: sums.partial(trainer.stepCount) });
    if (!isReadable) throw error;
    return 'stopped';
  }
}

/** The batches of the steps from `first` on. Those of the next step are read while a step runs. */
async function* stepBatches({ train, seed }: LoopSettings, steps: Steps, epoch: number, first: number) {
  const read = (index: number): Promise<readonly Batch[]> => {
    const batches = Promise.all((steps[index] ?? []).map((rows) => train.dataset.batch(rows, { seed, epoch })));
    // If the step before fails, nobody waits for this one.
    batches.catch(() => {});
    return batches;
  };
  let next = first < steps.length ? read(first) : undefined;
  for (let index = first; index < steps.length; index++) {
    const batches = await (next ?? read(index));
    next = index + 1 < steps.length ? read(index + 1) : undefined;
    yield { batches, rows: (steps[index] ?? []).reduce((sum, rows) => sum + rows.length, 0), index };
  }
}

function takeStep(trainer: Trainer, batches: readonly Batch[]): Promise<Metrics> {
  const { grads, train } = trainer.manifest;
  const own = batches.map((batch) => batchFor(grads ?? train, batch));
  return trainer.step(trainer.manifest.accumulate === 1 ? (own[0] as Batch) : own);
}

/** The learning rate of the last step, whether it is given or the graph computes it. */
function lastRate({ lr, manifest: { rate }, stepCount, skippedSteps }: Trainer): number | null {
  return lr ?? (rate === undefined ? null : rateAt(rate, Math.max(0, stepCount - skippedSteps - 1)));
}

/** Loss and metrics of all held-out rows, each batch by its weight, with the weights that are exported: their moving average if there is one. */
function evaluate(trainer: Trainer, { dataset, rows }: Rows, batching: Batching, events: LoopEvents): Promise<Metrics> {
  const batches = heldOutBatches(rows, batching);
  async function* read(): AsyncGenerator<Batch> {
    for (const [i, own] of batches.entries()) {
      if (events.isStopped()) throw new Stop();
      events.onEvaluation(i + 1, batches.length);
      yield batchFor(trainer.manifest.eval, await dataset.batch(own));
    }
  }
  return trainer.evaluate(read(), { ema: trainer.manifest.hasAverage });
}
