import { expect, test } from 'vitest';
import { ops } from '../../src/ops/index.js';
import { useOrt } from '../kit/ort.js';
import { report, survey } from '../random-programs/survey.js';

const ort = useOrt();

/** `test/data-sizes` has programs for the others. */
const programmed = ops.filter((op) => op.effects !== 'new-size');

test('5,000 random programs compute what the reference computes', { timeout: 3_600_000 }, async () => {
  const found = await survey(0, 5000, ort);
  console.log(report(found));
  expect(found.faults).toEqual([]);
  expect(found.accepted / found.programs).toBeGreaterThanOrEqual(0.85);
  expect(found.median).toBeGreaterThanOrEqual(12);
  expect(programmed.map((op) => op.name).filter((name) => (found.operators.get(name) ?? 0) < 20)).toEqual([]);
  expect([...found.constructs].filter(([, n]) => n < found.programs / 100)).toEqual([]);
});
