import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heldOutBatches, shuffled, split, stepCount, stepsOfEpoch } from '../../src/data/sampler.js';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const ascending = (rows: readonly number[]) => [...rows].sort((a, b) => a - b);

test('an order has every row once, and depends on nothing but its key', () => {
  const order = shuffled(numbers(1000), 'a');
  expect(ascending(order)).toEqual(numbers(1000));
  expect(shuffled(numbers(1000), 'a')).toEqual(order);
  expect(shuffled(numbers(1000), 'b')).not.toEqual(order);
});

test('every place is as likely for a row as any other', () => {
  const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
  for (let i = 0; i < 4000; i++) for (const [place, row] of shuffled(numbers(4), `key ${i}`).entries()) counts[row]![place]!++;
  for (const count of counts.flat()) expect(Math.abs(count - 1000)).toBeLessThan(130); // five standard deviations are 137
});

test('a split holds out its share, and no row is in both parts', () => {
  const { train, heldOut } = split(600, 0.1, 7);
  expect([train.length, heldOut.length]).toEqual([540, 60]);
  expect(ascending([...train, ...heldOut])).toEqual(numbers(600));
  expect(split(600, 0.1, 7)).toEqual({ train, heldOut });
  expect(split(600, 0.1, 8).heldOut).not.toEqual(heldOut);
  expect(split(3, 0.1, 0).heldOut).toHaveLength(1);
  expect(split(3, 0, 0)).toEqual({ train: [0, 1, 2], heldOut: [] });
});

test('the steps of an epoch take every row once, except those that do not fill what a step needs', () => {
  const settings = fc.record({
    rows: fc.integer({ min: 0, max: 100 }),
    size: fc.integer({ min: 1, max: 9 }),
    accumulate: fc.integer({ min: 1, max: 4 }),
    isFixed: fc.boolean(),
  });
  fc.assert(
    fc.property(settings, ({ rows, size, accumulate, isFixed }) => {
      const batching = { size, accumulate, isFixed };
      const steps = stepsOfEpoch(numbers(rows), batching, 3, 5);
      expect(steps).toHaveLength(stepCount(rows, batching));
      const taken = ascending(steps.flat(2));
      expect(new Set(taken).size).toBe(taken.length);
      const rest = rows % (size * accumulate);
      expect(rows - taken.length).toBe(isFixed || rest < accumulate ? rest : 0);
      for (const step of steps) {
        expect(step).toHaveLength(accumulate);
        const sizes = step.map((batch) => batch.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(isFixed ? size : 1);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(size);
      }
    }),
  );
});

test('epochs have different orders', () => {
  const batching = { size: 8, accumulate: 1, isFixed: false };
  expect(stepsOfEpoch(numbers(64), batching, 1, 0)).not.toEqual(stepsOfEpoch(numbers(64), batching, 1, 1));
  expect(stepsOfEpoch(numbers(64), batching, 1, 0)).not.toEqual(stepsOfEpoch(numbers(64), batching, 2, 0));
});

test('held-out batches are in the order of the data', () => {
  expect(heldOutBatches([3, 5, 8], { size: 2, accumulate: 1, isFixed: false })).toEqual([[3, 5], [8]]);
  expect(heldOutBatches([3, 5, 8], { size: 2, accumulate: 4, isFixed: true })).toEqual([[3, 5]]);
});
