import { expect, test } from 'vitest';
import { bindInputs, mapBound } from '../../src/ops/bind.js';
import { typeOf } from '../../src/ops/evaluate.js';
import { ops } from '../../src/ops/index.js';
import { opNamed } from '../../src/ops/registry.js';
import { drawSamples } from '../kit/op-samples.js';

test('every operator has a name of its own, in snake_case', () => {
  const names = ops.map((op) => op.name);
  expect(new Set(names).size).toBe(names.length);
  for (const op of ops) {
    expect(op.name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(opNamed(op.name)).toBe(op);
  }
});

test.each(ops)('$name is documented', (op) => {
  expect(op.family).toMatch(/^[a-z]+$/);
  expect(op.doc.summary).toMatch(/^[A-Z0-9`].*\.$/s);
  expect(op.doc.example).not.toBe('');
  expect(op.outputs.length).toBeGreaterThan(0);
  for (const input of Object.values<string | { doc: string }>(op.inputs)) {
    expect(typeof input === 'string' ? input : input.doc).not.toBe('');
  }
  for (const attr of Object.values<{ doc: string }>(op.attrs)) expect(attr.doc).not.toBe('');
});

test.each(ops)('$name has samples with a cost', (op) => {
  const samples = drawSamples(op);
  expect(samples.length).toBeGreaterThan(0);
  for (const sample of samples) {
    const types = mapBound(bindInputs(op, sample.inputs), typeOf);
    const flops = op.flops(types, sample.attrs, sample.types).constant;
    expect(flops).toBeGreaterThanOrEqual(0);
    expect(flops).toBeLessThan(1e9);
  }
});
