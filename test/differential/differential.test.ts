import { expect, test } from 'vitest';
import { useOrt } from '../kit/ort.js';
import { cleanUpPatterns, imagePatterns, sequencePatterns } from './patterns.js';
import { survey, surveyRelatives } from './survey.js';

const ort = useOrt();

test('500 random models compute the same with -O2 as with -O0', { timeout: 300_000 }, async () => {
  const found = await survey(1, 500, ort);
  console.log(`${found.models} models, ${found.faults.length} faults`);
  expect(found.faults).toEqual([]);
  for (const name of Object.keys({ ...imagePatterns, ...sequencePatterns, ...cleanUpPatterns }))
    expect(found.patterns.get(name), name).toBeGreaterThan(5);
});

test('25 random models compute the same in whatever way they are written', { timeout: 300_000 }, async () => {
  const { compared, faults } = await surveyRelatives(1, 25, ort);
  console.log(`${compared} relatives, ${faults.length} faults`);
  expect(faults).toEqual([]);
  expect(compared).toBeGreaterThan(100);
});
