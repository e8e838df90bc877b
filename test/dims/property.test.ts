import { describe, expect, test } from 'vitest';
import { Random } from './naive.js';
import { PAIR_RUNS, runPairs } from './pair-runs.js';
import { checkStatements } from './statements.js';

const SEED = 20261122;
const PAIRS = 20_000;

describe('20,000 pairs of random sizes against a naive evaluator', () => {
  for (const run of PAIR_RUNS) {
    test(run.name, () => {
      const figures = runPairs(run, PAIRS, SEED);
      expect(figures.wrong).toEqual([]);
      expect(figures.unproved).toEqual([]);
      expect(figures.pairs + figures.overLimits).toBe((PAIRS * run.share) / 100);
      expect(figures.overLimits).toBeLessThan(figures.pairs / 100);
      expect(figures.answers.unknown / figures.pairs).toBeLessThanOrEqual(0.005);
    });
  }
});

test('4,000 random questions under random facts against all points of a grid', () => {
  const figures = checkStatements(4_000, new Random(SEED));
  const { asked, answers, contradictory, unsatisfied } = figures;
  console.log(
    `questions: ${asked}, ${answers.proved} proved, ${answers.never} never, ${answers['not-always']} refuted by a witness, ` +
      `${answers.unknown} unknown; sets of facts: ${contradictory} contradictory, ${unsatisfied} without a point on the grid`,
  );
  expect(figures.wrong).toEqual([]);
  expect(answers.proved).toBeGreaterThan(asked / 4);
  expect(answers['not-always']).toBeGreaterThan(asked / 4);
  expect(answers.unknown / asked).toBeLessThan(0.03);
});
