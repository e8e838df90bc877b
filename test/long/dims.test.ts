import { describe, expect, test } from 'vitest';
import { Random } from '../dims/naive.js';
import { PAIR_RUNS, runPairs } from '../dims/pair-runs.js';
import { checkStatements } from '../dims/statements.js';

const SEED = 7;
const PAIRS = 1_000_000;

describe('1,000,000 pairs of random sizes against a naive evaluator', () => {
  for (const run of PAIR_RUNS) {
    test(run.name, () => {
      const figures = runPairs(run, PAIRS, SEED);
      console.log('undecided:', figures.undecided.slice(0, 10), 'unproved:', figures.unproved.slice(0, 10));
      expect(figures.wrong).toEqual([]);
      expect(figures.equalProved / figures.equalPairs).toBeGreaterThanOrEqual(0.999);
      expect(figures.answers.unknown / figures.pairs).toBeLessThanOrEqual(0.005);
    });
  }
});

test('100,000 random questions under random facts against all points of a grid', () => {
  const figures = checkStatements(100_000, new Random(SEED));
  console.log(figures.asked, figures.answers, figures.contradictory, figures.unsatisfied);
  expect(figures.wrong).toEqual([]);
  expect(figures.answers.unknown / figures.asked).toBeLessThan(0.03);
});
