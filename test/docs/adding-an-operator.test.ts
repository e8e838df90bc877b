import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { ndArray } from '../../src/ops/nd/array.js';
import { lerp } from './lerp.js';

test('the page shows an operator that compiles', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/adding-an-operator.md'), 'utf8');
  const source = readFileSync(resolve(import.meta.dirname, 'lerp.ts'), 'utf8').replaceAll("'../../src/ops/", "'../");
  expect(page).toContain(`\`\`\`ts\n${source}\`\`\``);
});

test('and computes', () => {
  const [a, b] = [ndArray('f32', [2], Float64Array.of(0, 10)), ndArray('f32', [1], Float64Array.of(4))];
  expect([...(evaluateOp(lerp, [a, b], { weight: 0.25 })[0]?.data ?? [])]).toEqual([1, 8.5]);
});
