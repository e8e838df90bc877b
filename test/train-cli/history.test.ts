import { describe, expect, test } from 'vitest';
import { bestEpoch, EpochSums, epochsSinceBest } from '../../src/data/history.js';
import { epochRecord as epoch } from '../kit/epoch-record.js';

describe('the best epoch', () => {
  test('has the lowest held-out loss, and is the first of those', () => {
    const history = [epoch(1, 3), epoch(2, 1), epoch(3, 1), epoch(4, 2)];
    expect(bestEpoch(history)?.epoch).toBe(2);
    expect(epochsSinceBest(history)).toBe(2);
  });

  test('does not exist if no loss is a number, or if nothing is held out', () => {
    expect(bestEpoch([{ ...epoch(1, 1), heldOut: { loss: null } }])).toBeUndefined();
    expect(bestEpoch([epoch(1, null)])).toBeUndefined();
    expect(epochsSinceBest([epoch(1, null)])).toBe(1);
  });
});

describe('the sums of an epoch', () => {
  test('are means over rows, and the trace has at most 50 points', () => {
    const sums = new EpochSums();
    for (let i = 0; i < 200; i++) sums.add({ loss: i < 199 ? 1 : 11 }, i < 199 ? 4 : 4, i, 200);
    expect(sums.means).toEqual({ loss: (199 + 11) / 200 });
    expect(sums.trace).toHaveLength(50);
    expect(sums.trace.at(-1)).toBe((3 + 11) / 4);
    const few = new EpochSums();
    few.add({ loss: 2, accuracy: 0 }, 3, 0, 2);
    few.add({ loss: 5, accuracy: 1 }, 1, 1, 2);
    expect([few.means, few.trace]).toEqual([{ loss: 11 / 4, accuracy: 1 / 4 }, [2, 5]]);
  });

  test('continue where they were written', () => {
    const [whole, first] = [new EpochSums(), new EpochSums()];
    const add = (sums: EpochSums, i: number) => sums.add({ loss: Math.sin(i) + 2 }, 7, i, 120);
    for (let i = 0; i < 120; i++) add(whole, i);
    for (let i = 0; i < 61; i++) add(first, i);
    const second = new EpochSums(JSON.parse(JSON.stringify(first.partial(61))));
    for (let i = 61; i < 120; i++) add(second, i);
    expect([second.means, second.trace]).toEqual([whole.means, whole.trace]);
  });
});
