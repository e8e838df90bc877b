import { describe, expect, test } from 'vitest';
import { EpochTable } from '../../src/cli/train/epoch-table.js';
import { duration, progressLine } from '../../src/cli/train/show.js';
import type { EpochRecord, Results } from '../../src/data/history.js';

const record = (epoch: number, train: Results, heldOut: Results | null): EpochRecord => ({
  epoch,
  step: epoch,
  lr: null,
  train,
  heldOut,
  trace: [],
});

/** The table of these records, the last of which is the best. */
function table(names: readonly string[], epochs: number, records: readonly EpochRecord[]): readonly string[] {
  const own = new EpochTable({ names, hasHeldOut: records.some(({ heldOut }) => heldOut !== null), epochs });
  return [...own.head, ...records.flatMap((epoch, i) => own.rows(epoch, i === records.length - 1, 10 ** i * 0.61))];
}

describe('the table of epochs', () => {
  test('is aligned', () => {
    const records = [
      record(9, { loss: 1.64812, accuracy: 0.58284 }, { loss: 12.5, accuracy: 0.84 }),
      record(10, { loss: 0.00012345, accuracy: 1 }, { loss: -3000.25, accuracy: 0 }),
      record(11, { loss: 1234567, accuracy: 0.5 }, { loss: null, accuracy: null }),
    ];
    expect(table(['loss', 'accuracy'], 100, records)).toEqual([
      '  epoch     loss  accuracy  val_loss  val_accuracy       time',
      '  9/100   1.6481    0.5828    12.500        0.8400      0.6 s',
      ' 10/100  1.23e-4    1.0000   -3000.3        0.0000      6.1 s',
      ' 11/100  1.23e+6    0.5000       NaN           NaN   1:01 min  best',
    ]);
  });

  test('has held-out rows below those of training where a line has no room for both', () => {
    const results = { loss: 1, accuracy: 0.5, top5: 0.75 };
    expect(table(Object.keys(results), 3, [record(1, results, results)])).toEqual([
      'epoch               loss  accuracy     top5       time',
      '  1/3  training   1.0000    0.5000   0.7500',
      '       held out   1.0000    0.5000   0.7500      0.6 s  best',
    ]);
  });

  test('continues in the next line if there are many metrics', () => {
    const results = Object.fromEntries(['loss', ...Array.from({ length: 6 }, (_, i) => `some_metric_${i}`)].map((name) => [name, 0.25]));
    const lines = table(Object.keys(results), 3, [record(1, results, results)]);
    expect(lines).toHaveLength(6);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines[1]!.trimEnd()).toBe('       some_metric_3  some_metric_4  some_metric_5       time');
    expect(lines[5]!.trimEnd()).toBe('              0.2500         0.2500         0.2500      0.6 s  best');
  });

  test('has no columns for held-out rows where there are none', () => {
    expect(table(['loss'], 3, [record(1, { loss: 0.5 }, null)])).toEqual(['epoch     loss       time', '  1/3   0.5000      0.6 s  best']);
  });
});

test('times are short', () => {
  expect([0.04, 9.94, 9.96, 59.4, 59.6, 3599, 3600, 36_000].map(duration)).toEqual([
    '0.0 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1:00 min',
    '59:59 min',
    '1:00 h',
    '10:00 h',
  ]);
});

test('the progress begins with what is most important', () => {
  const step = { epoch: 2, step: 1200, steps: 1875, rows: 32, lr: 1 / 3000, means: { loss: 0.43124 } };
  expect(progressLine(step, { epochs: 10, rowsPerSecond: 2100, secondsLeft: 80 })).toBe(
    'epoch 2/10  step 1200/1875  loss 0.4312  1:20 min left  2100 rows/s  lr 0.0003333',
  );
});
