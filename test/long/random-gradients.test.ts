import { expect, test } from 'vitest';
import { useOrt } from '../kit/ort.js';
import { type GradientSurvey, surveyDataSizes, surveyGradients } from '../random-programs/gradient-survey.js';

const ort = useOrt();

test('the gradients of 2,000 random programs are their central differences, also in f32 and with recomputation', async () => {
  const found = await surveyGradients(0, 2250, ort);
  console.log(found.report);
  expect(found.faults).toEqual([]);
  expect(found.differentiated).toBeGreaterThanOrEqual(2000);
  expect(found.moved).toBeGreaterThan(35_000);
  expectFewLeftOut(found);
  expect(found.missingOperators).toEqual([]);
  for (const name of ['`scan`', '`scan` in reverse', '`cond`', '`cond` with a tuple', 'layer used twice', 'shared layer'])
    expect(found.constructs.get(name), name).toBeGreaterThan(30);
});

test('so are those of 300 programs in which the data decide sizes', async () => {
  const found = await surveyDataSizes(0, 300, ort);
  console.log(found.report);
  expect(found.faults).toEqual([]);
  expect(found.differentiated).toBe(300);
  expect(found.moved).toBeGreaterThan(1500);
  expectFewLeftOut(found);
});

function expectFewLeftOut({ skipped, compared, unsteady, tensors, recomputed, differentiated }: GradientSurvey): void {
  expect(skipped).toBeLessThan(compared / 100);
  expect(unsteady).toBeLessThan(tensors / 20);
  expect(recomputed).toBeGreaterThan(differentiated / 2);
}
