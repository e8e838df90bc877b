import { describe, expect, it } from 'vitest';
import { expectSameResults } from '../kit/optimized.js';
import { useOrt } from '../kit/ort.js';
import { weightChain } from '../kit/weight-chains.js';
import { surveyChains } from './survey-chains.js';

describe('random chains of operators that the rules on weights look for', () => {
  it('compute the same in float64 with these rules as without them, and leave no arithmetic on weights', () => {
    const { faults, applied } = surveyChains(0, 80);
    expect(faults).toEqual([]);
    expect([...applied].filter(([, count]) => count < 3)).toEqual([]);
  });

  const ort = useOrt();
  it.each([1001, 1002, 1003, 1004, 1005, 1006])('do so in ONNX Runtime: chain %i', async (seed) => {
    await expectSameResults(ort, weightChain(seed), {}, 1e-4);
  });
});
