import { expect, test } from 'vitest';
import { useOrt } from '../kit/ort.js';
import { generate } from './generate.js';
import { survey } from './survey.js';

const ort = useOrt();

test('a seed always gives the same program', () => {
  for (const seed of [1, 2, 3]) expect(generate(seed).sums).toEqual(generate(seed).sums);
});

test('in 40 random programs, no two evaluations are merged, and the sizes in runs are within their bounds', async () => {
  const found = await survey(1_000_000, 40, ort);
  console.log({ ...found, faults: found.faults.length });
  expect(found.faults).toEqual([]);
  expect(found.unequal).toBeGreaterThan(60);
  expect(found.equal).toBeGreaterThan(8);
  expect(found.empty).toBeGreaterThan(12);
}, 600_000);
