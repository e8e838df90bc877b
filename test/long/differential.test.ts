import { expect, test } from 'vitest';
import { survey, surveyRelatives } from '../differential/survey.js';
import { useOrt } from '../kit/ort.js';

const ort = useOrt();

test('20,000 random models compute the same with -O2 as with -O0', { timeout: 14_400_000 }, async () => {
  const found = await survey(1_000_000, 20_000, ort);
  console.log(`${found.models} models, ${found.faults.length} faults; ${JSON.stringify(Object.fromEntries(found.patterns))}`);
  expect(found.faults).toEqual([]);
});

test('1,000 random models compute the same in whatever way they are written', { timeout: 3_600_000 }, async () => {
  const { compared, faults } = await surveyRelatives(2_000_000, 1_000, ort);
  console.log(`${compared} relatives, ${faults.length} faults`);
  expect(faults).toEqual([]);
});
