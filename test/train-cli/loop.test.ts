import { beforeAll, describe, expect, test } from 'vitest';
import type { Batch, Metrics, Trainer } from '../../src/api/runtime.js';
import { type LoopEnd, type LoopSettings, type LoopState, type StepReport, trainLoop } from '../../src/cli/train/loop.js';
import type { Dataset, Variation } from '../../src/data/dataset.js';
import type { EpochRecord } from '../../src/data/history.js';
import { split } from '../../src/data/sampler.js';
import { Trainer as Trainers } from '../../src/runtime.js';
import { noisyModel, type TrainingSet, trainingOf } from '../kit/training-files.js';

let noisy: TrainingSet;
let accumulating: TrainingSet;

beforeAll(() => {
  noisy = trainingOf(...noisyModel);
  accumulating = trainingOf(...noisyModel, { accumulate: 3 });
});

/** Rows that differ, and that vary from epoch to epoch. Notes the batches that are asked for in training. */
class Rows implements Dataset {
  readonly count = 50;
  readonly asked: string[] = [];

  async batch(rows: readonly number[], variation?: Variation): Promise<Batch> {
    if (variation !== undefined) this.asked.push(`${variation.epoch}: ${rows.join(' ')}`);
    const shift = variation === undefined ? 0 : variation.epoch / 10;
    const data = Float32Array.from({ length: rows.length * 8 }, (_, i) => Math.sin((rows[i >> 3] ?? 0) * 3 + (i % 8)) + shift);
    return {
      x: { data, shape: [rows.length, 8] },
      labels: { data: BigInt64Array.from(rows, (row) => BigInt(row % 3)), shape: [rows.length] },
    };
  }
}

interface Outcome {
  readonly end: LoopEnd;
  readonly state: LoopState;
  readonly checkpoint: Buffer;
  readonly batches: readonly string[];
  readonly steps: number;
  readonly best: readonly number[];
}

/** Runs the loop from a checkpoint until it ends or `stopAt` says so, which sees each step and evaluation. */
async function run(
  set: TrainingSet,
  settings: Partial<LoopSettings> = {},
  from?: Outcome,
  stopAt: (at: { readonly steps: number; readonly evaluations: number }) => boolean = () => false,
): Promise<Outcome> {
  await using trainer = await Trainers.load(set.files, set.manifest, { lr: 0.01, seed: 5, threads: 1 });
  if (from !== undefined) await trainer.restore(from.checkpoint);
  const dataset = new Rows();
  const parts = split(dataset.count, 0.2, 3);
  const at = { steps: 0, evaluations: 0 };
  const best: number[] = [];
  let state: LoopState = from?.state ?? { history: [], partial: undefined };
  const keep = async (now: LoopState) => {
    // As run.json has it.
    state = JSON.parse(JSON.stringify(now)) as LoopState;
  };
  const end = await trainLoop(
    trainer,
    {
      train: { dataset, rows: parts.train },
      heldOut: { dataset, rows: parts.heldOut },
      batching: { size: 4, accumulate: set.manifest.accumulate, isFixed: false },
      seed: 3,
      epochs: 3,
      patience: undefined,
      ...settings,
    },
    state,
    {
      isStopped: () => stopAt(at),
      onStep: () => void at.steps++,
      onEvaluation: () => void at.evaluations++,
      onEpoch: async (record: EpochRecord, isBest: boolean, now) => {
        if (isBest) best.push(record.epoch);
        await keep(now);
      },
      onStop: keep,
    },
  );
  return { end, state, checkpoint: Buffer.from(await trainer.save()), batches: dataset.asked, steps: trainer.stepCount, best };
}

describe('a run that continues', () => {
  const sets: readonly (readonly [string, () => TrainingSet])[] = [
    ['a batch in each step', () => noisy],
    ['three batches in each step', () => accumulating],
  ];
  test.each(sets)('equals one that did not stop, with %s', async (_, set) => {
    const whole = await run(set());
    expect([whole.end, whole.state.history.length]).toEqual(['done', 3]);
    const perEpoch = whole.steps / 3;
    for (const stop of [0, 1, perEpoch - 1, perEpoch, perEpoch + 1, 2 * perEpoch]) {
      const first = await run(set(), {}, undefined, ({ steps }) => steps >= stop);
      expect(first.end).toBe('stopped');
      expect(first.steps).toBe(stop);
      const second = await run(set(), {}, first);
      expect(second.end).toBe('done');
      expect(second.checkpoint.equals(whole.checkpoint)).toBe(true);
      expect(second.state).toEqual(whole.state);
      // A batch may have been read ahead of the stop.
      const taken = first.batches.slice(0, stop * set().manifest.accumulate);
      expect([...taken, ...second.batches]).toEqual(whole.batches);
      expect([...first.best, ...second.best]).toEqual(whole.best);
    }
  });

  test('equals it after several stops, also within an evaluation', async () => {
    const whole = await run(noisy);
    let part = await run(noisy, {}, undefined, ({ steps }) => steps >= 3);
    part = await run(noisy, {}, part, ({ steps }) => steps >= 4);
    part = await run(noisy, {}, part, ({ evaluations }) => evaluations >= 2);
    expect([part.steps, part.state.history.length, part.state.partial?.step]).toEqual([10, 0, 10]);
    part = await run(noisy, {}, part);
    expect(part.state).toEqual(whole.state);
    expect(part.checkpoint.equals(whole.checkpoint)).toBe(true);
  });

  test('with more epochs equals one that had them from the beginning', async () => {
    const whole = await run(noisy, { epochs: 4 });
    const more = await run(noisy, { epochs: 4 }, await run(noisy, { epochs: 2 }));
    expect(more.state).toEqual(whole.state);
    expect(more.checkpoint.equals(whole.checkpoint)).toBe(true);
  });

  test('saves where data cannot be read, and continues from there', async () => {
    const whole = await run(noisy);
    await using trainer = await Trainers.load(noisy.files, noisy.manifest, { lr: 0.01, seed: 5, threads: 1 });
    const dataset = new Rows();
    const parts = split(dataset.count, 0.2, 3);
    const own = dataset.batch.bind(dataset);
    let count = 0;
    dataset.batch = async (rows, variation) => {
      if (count++ === 7) throw Object.assign(new Error('d.png cannot be decoded'), { name: 'DataError' });
      return own(rows, variation);
    };
    let state: LoopState | undefined;
    const settings: LoopSettings = {
      train: { dataset, rows: parts.train },
      heldOut: { dataset, rows: parts.heldOut },
      batching: { size: 4, accumulate: 1, isFixed: false },
      seed: 3,
      epochs: 3,
      patience: undefined,
    };
    const events = {
      isStopped: () => false,
      onStep: () => {},
      onEvaluation: () => {},
      onEpoch: async () => {},
      onStop: async (now: LoopState) => {
        state = now;
      },
    };
    await expect(trainLoop(trainer, settings, { history: [], partial: undefined }, events)).rejects.toThrow('d.png cannot be decoded');
    expect([trainer.stepCount, state?.partial?.step]).toEqual([7, 7]);
    const rest = await run(
      noisy,
      {},
      { end: 'stopped', state: state!, checkpoint: Buffer.from(await trainer.save()), batches: [], steps: 7, best: [] },
    );
    expect(rest.state).toEqual(whole.state);
  });
});

/** A trainer whose held-out losses are given. */
function scripted(losses: readonly number[]): Trainer {
  let [steps, evaluations] = [0, 0];
  return {
    manifest: { ...noisy.manifest },
    get stepCount() {
      return steps;
    },
    lr: 0.5,
    step: async () => {
      steps++;
      return { loss: 1 } as Metrics;
    },
    evaluate: async (batches: AsyncIterable<Batch>) => {
      for await (const _ of batches);
      return { loss: losses[evaluations++] } as Metrics;
    },
  } as unknown as Trainer;
}

async function scriptedRun(
  losses: readonly number[],
  patience: number | undefined,
  before: LoopState = { history: [], partial: undefined },
) {
  const dataset = new Rows();
  const reports: StepReport[] = [];
  const best: number[] = [];
  let state: LoopState = before;
  const end = await trainLoop(
    scripted(losses),
    {
      train: { dataset, rows: [0, 1, 2, 3] },
      heldOut: { dataset, rows: [4, 5] },
      batching: { size: 4, accumulate: 1, isFixed: false },
      seed: 0,
      epochs: losses.length,
      patience,
    },
    before,
    {
      isStopped: () => false,
      onStep: (report) => void reports.push(report),
      onEvaluation: () => {},
      onEpoch: async (record, isBest, now) => {
        if (isBest) best.push(record.epoch);
        state = now;
      },
      onStop: async () => {},
    },
  );
  return { end, epochs: state.history.length, best, reports };
}

describe('early stopping', () => {
  test('ends after epochs without a lower loss', async () => {
    expect(await scriptedRun([3, 2, 2, 2.5, 1, 1], 2)).toMatchObject({ end: 'patience', epochs: 4, best: [1, 2] });
    expect(await scriptedRun([3, 2, 2.5, 1, 2, 1.5, 0], 2)).toMatchObject({ end: 'patience', epochs: 6, best: [1, 2, 4] });
    expect(await scriptedRun([3, 2, 2, 2, 2, 2], undefined)).toMatchObject({ end: 'done', epochs: 6, best: [1, 2] });
    expect(await scriptedRun([Number.NaN, Number.NaN, 1], 2)).toMatchObject({ end: 'patience', epochs: 2, best: [] });
  });
});

test('each step is reported', async () => {
  const { reports } = await scriptedRun([1, 1], undefined);
  expect(reports).toEqual([1, 2].map((epoch) => ({ epoch, step: 1, steps: 1, rows: 4, lr: 0.5, means: { loss: 1 } })));
});
