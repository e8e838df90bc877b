import { expect, test } from 'vitest';
import { surveyChains } from '../optimize/survey-chains.js';

test('3,000 random chains compute the same with the rules on weights as without them', { timeout: 3_600_000 }, () => {
  const { faults, applied } = surveyChains(0, 3_000);
  expect(faults).toEqual([]);
  expect([...applied].filter(([, count]) => count < 50)).toEqual([]);
});
