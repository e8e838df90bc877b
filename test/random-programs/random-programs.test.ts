import { expect, test } from 'vitest';
import { ops } from '../../src/ops/index.js';
import { useOrt } from '../kit/ort.js';
import { generate } from './generate.js';
import { report, survey } from './survey.js';

const ort = useOrt();

/** `test/data-sizes` has programs for the others. */
const programmed = ops.filter((op) => op.effects !== 'new-size');

test('a seed always gives the same program', () => {
  for (const seed of [1, 2, 3]) expect(generate(seed).text).toBe(generate(seed).text);
});

test('250 random programs compute what the reference computes', { timeout: 600_000 }, async () => {
  const found = await survey(1_000_000, 250, ort);
  console.log(report(found));
  expect(found.faults).toEqual([]);
  expect(found.accepted / found.programs, found.refused.join('\n')).toBeGreaterThanOrEqual(0.85);
  expect(programmed.map((op) => op.name).filter((name) => !found.operators.has(name))).toEqual([]);
  expect(found.median).toBeGreaterThanOrEqual(12);
  expect(found.ones).toBeGreaterThan(100);
  expect(found.empty).toBeGreaterThan(20);
});
