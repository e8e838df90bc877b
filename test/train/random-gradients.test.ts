import { expect, test } from 'vitest';
import { useOrt } from '../kit/ort.js';
import { surveyDataSizes, surveyGradients } from '../random-programs/gradient-survey.js';

const ort = useOrt();

test('the gradients of 60 random programs are their central differences, also in f32 and with recomputation', async () => {
  const found = await surveyGradients(2_000_000, 60, ort);
  console.log(found.report);
  expect(found.faults).toEqual([]);
  expect(found.differentiated).toBeGreaterThan(50);
  expect(found.moved).toBeGreaterThan(1000);
  expect(found.skipped).toBeLessThan(found.compared / 100);
  expect(found.unsteady).toBeLessThan(found.tensors / 20);
  expect(found.recomputed).toBeGreaterThan(30);
});

test('so are those of 15 programs in which the data decide sizes', async () => {
  const found = await surveyDataSizes(2_000_000, 15, ort);
  console.log(found.report);
  expect(found.faults).toEqual([]);
  expect(found.differentiated).toBe(15);
  expect(found.moved).toBeGreaterThan(80);
  expect(found.skipped).toBeLessThan(found.compared / 100);
});
