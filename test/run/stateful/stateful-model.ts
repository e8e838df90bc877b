/// <reference types="node" />
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { build } from '../../../src/build.js';
import type { CompileOptions } from '../../../src/compile.js';
import { signatureOf } from '../../../src/describe-model.js';
import { createMemoryHost } from '../../../src/memory-host.js';
import type { NdArray } from '../../../src/ops/types.js';
import { fixturePath, relativeError } from '../../kit/fixtures.js';
import { useOrt } from '../../kit/ort.js';
import { positionsOf } from '../../kit/positions.js';
import { rendered } from '../../kit/source.js';
import { Stream } from '../../kit/stream.js';

/** Of the largest magnitude of the output: what float32 sums in another order can differ by. */
export const tolerance = 1e-5;

/** A text in a model, and its replacement. */
export type Change = readonly [from: string, to: string];

/** What a model with a cache can lose. */
export const cacheLosses: Readonly<Record<string, readonly Change[]>> = {
  'the keys': [['concat(past_k,', 'concat(0 * past_k,']],
  'the values': [['concat(past_v,', 'concat(0 * past_v,']],
  'its cache': [
    ['concat(past_k,', 'concat(0 * past_k,'],
    ['concat(past_v,', 'concat(0 * past_v,'],
  ],
};

/** The source of a model with something else in one place each; fails if it has no such place, or several. */
export function changed(source: string, changes: readonly Change[]): string {
  return changes.reduce((text, [from, to]) => {
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`${from} is there ${parts.length - 1} times`);
    return parts.join(to);
  }, source);
}

/** The smallest of the relative errors at the positions after the first `skipped` of `[N, T, ...]`. */
export function leastError(got: NdArray, wanted: NdArray, skipped: number): number {
  const length = wanted.shape[1] ?? 0;
  const errors = Array.from({ length: length - skipped }, (_, i) => {
    const at = (array: NdArray) => positionsOf(array, skipped + i, skipped + i + 1);
    return relativeError(at(got), at(wanted));
  });
  return Math.min(...errors);
}

/** A model that is built with the configuration and the weights of a fixture. */
export interface StatefulModel {
  /** What archc said about it. */
  readonly messages: string;
  /** A graph of it in its first call; `sizes` are those of the states. */
  stream(sizes: Readonly<Record<string, number>>, entry?: string): Stream;
}

/** Builds models into a folder of the test file, and runs them there. */
export function useStatefulModels(): (source: string, fixture: string, options?: CompileOptions) => StatefulModel {
  const ort = useOrt();
  const folder = mkdtempSync(join(tmpdir(), 'archc-stateful-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let count = 0;
  return (source, fixture, options = {}) => {
    const files = { 'model.arch': source, 'weights.safetensors': readFileSync(fixturePath(fixture, 'weights.safetensors')) };
    const config = readFileSync(fixturePath(fixture, 'config.json'), 'utf8');
    const result = build('model.arch', createMemoryHost(files), { config, weights: 'weights.safetensors', ...options });
    const { model, artifacts } = result;
    if (model === undefined || artifacts === undefined) throw new Error(rendered(result));
    const place = join(folder, String(count++));
    mkdirSync(place);
    for (const { name, bytes } of artifacts) writeFileSync(join(place, name), bytes);
    return {
      messages: rendered(result),
      stream(sizes, entry = model.entries[0]?.name) {
        const compiled = model.entries.find(({ name }) => name === entry);
        const file = artifacts.find((artifact) => artifact.entry === entry);
        if (compiled === undefined || file === undefined) throw new Error(`there is no entry ${entry}`);
        return new Stream(signatureOf(model, compiled), sizes, (feeds) => ort.run(join(place, file.name), feeds));
      },
    };
  };
}
