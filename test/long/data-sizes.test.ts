import { expect, test } from 'vitest';
import { survey } from '../data-sizes/survey.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

test('no two evaluations are taken for one in 2,000 random programs, and the sizes of their runs are within the bounds', {
  timeout: 3_600_000,
}, async () => {
  const found = await survey(0, 2000, ort);
  console.log({ ...found, faults: found.faults.length });
  expect(found.faults).toEqual([]);
  expect(found.unequal).toBeGreaterThan(3000);
  expect(found.equal).toBeGreaterThan(400);
  expect(found.empty).toBeGreaterThan(600);
});
