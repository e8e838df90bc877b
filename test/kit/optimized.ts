import { expect } from 'vitest';
import type { CompileOptions } from '../../src/compile.js';
import { difference } from './close.js';
import { builtModel, randomInputs } from './model-run.js';
import type { OrtRunner } from './ort.js';
import type { OneGraph } from './source.js';

/**
 * Builds a model with known sizes without and with all optimizations, runs both on the CPU without ONNX Runtime's own optimizations, and expects equal outputs. Returns the optimized model.
 */
export async function expectSameResults(
  ort: OrtRunner,
  source: string,
  options: CompileOptions = {},
  tolerance = 1e-5,
): Promise<{ readonly model: OneGraph; readonly bytes: Uint8Array; readonly plain: Uint8Array }> {
  const plain = builtModel(source, { ...options, optimize: 0 });
  const optimized = builtModel(source, { ...options, optimize: 2 });
  const feeds = randomInputs(plain.model);
  const wanted = await ort.run(plain.bytes, feeds, { optimization: 'disabled' });
  const got = await ort.run(optimized.bytes, feeds, { optimization: 'disabled' });
  expect(Object.keys(got)).toEqual(Object.keys(wanted));
  for (const [name, output] of Object.entries(wanted)) {
    const value = got[name];
    expect(value && difference(value, output, tolerance), name).toBeUndefined();
  }
  return { ...optimized, plain: plain.bytes };
}

/** The events of each rule on a model: `applied`, or why it was refused. */
export function ruleEvents({ history }: Pick<OneGraph, 'history'>): Readonly<Record<string, readonly string[]>> {
  const events: Record<string, string[]> = {};
  for (const { rule, refusal = 'applied' } of history?.rules ?? []) {
    events[rule] ??= [];
    events[rule].push(refusal);
  }
  return events;
}
