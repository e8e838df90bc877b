/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CompileOptions } from '../../src/compile.js';
import type { NdArray } from '../../src/ops/types.js';
import { relativeError } from '../kit/fixtures.js';
import { useOrt } from '../kit/ort.js';
import { profiled } from '../kit/profile.js';
import { modelOf } from '../kit/source.js';
import { openFixture } from '../kit/tensor-file.js';
import { onnxWithWeights } from '../kit/with-weights.js';

const ort = useOrt();
const folder = join(import.meta.dirname, 'examples');

/** Of the largest magnitude of the output: what float32 sums in another order can differ by. */
const tolerance = 1e-5;

function sourceOf(example: string): string {
  return readFileSync(resolve(import.meta.dirname, `../../examples/${example}/model.arch`), 'utf8');
}

const experts = openFixture(join(folder, 'experts.safetensors'));
const detector = openFixture(join(folder, 'detector.safetensors'));
const small: CompileOptions = { config: readFileSync(join(folder, 'experts.json'), 'utf8') };
const few: CompileOptions = { set: { classes: '3', channels: '16', depth: '2' } };

describe('examples/experts', () => {
  const bytes = onnxWithWeights(modelOf(sourceOf('experts'), small), experts.path, 'weight.');

  it.each([0, 1])('computes what Mixtral of Hugging Face does, with experts that get no token: %i', async (i) => {
    const { logits } = await ort.run(bytes, experts.arrays(`in.${i}.`));
    const { logits: wanted } = experts.arrays(`out.${i}.`);
    expect(logits?.shape).toEqual(wanted?.shape);
    expect(relativeError(logits as NdArray, wanted as NdArray)).toBeLessThanOrEqual(tolerance);
  });

  it.each([
    ['every expert gets every token', 'nonzero(best == i) ', 'nonzero(best >= 0)'],
    ['one expert gets all tokens', 'nonzero(best == i) ', 'nonzero((best >= 0) & (i == 0))'],
    ['the weights of the experts are left out', 'part * unsqueeze(gather_nd(weights, at), 1)', 'part'],
  ])('computes something else if %s', async (_, from, to) => {
    const source = sourceOf('experts');
    expect(source).toContain(from);
    const other = onnxWithWeights(modelOf(source.replace(from, to), small), experts.path, 'weight.');
    const { logits } = await ort.run(other, experts.arrays('in.0.'));
    expect(relativeError(logits as NdArray, experts.arrays('out.0.').logits as NdArray)).toBeGreaterThan(0.5);
  });

  it.each([0, 1])('multiplies as many rows in each expert as tokens go to it: %i', (i) => {
    const feeds = experts.arrays(`in.${i}.`);
    const tokens = feeds.ids?.data.length ?? 0;
    const nodes = profiled(bytes, feeds);
    const rowsOf = (layer: number, expert: number) =>
      nodes.flatMap(({ name, opType, inputs }) =>
        opType === 'MatMul' && name.startsWith(`/model.layers.${layer}/block_sparse_moe/experts.${expert}/`) ? [inputs[0]?.[0]] : [],
      );
    for (const layer of [0, 1]) {
      const rows = [0, 1, 2, 3].map((expert) => rowsOf(layer, expert));
      // The three products of an expert have the same rows, and all experts together twice as many as there are tokens.
      for (const [first, ...others] of rows) expect(others).toEqual([first, first]);
      expect(rows.reduce((sum, [count]) => sum + (count ?? 0), 0)).toBe(2 * tokens);
      expect(Math.max(...rows.map(([count]) => count ?? 0))).toBeLessThanOrEqual(tokens);
      if (tokens === 1) expect(rows.map(([count]) => count).sort()).toEqual([0, 0, 1, 1]);
    }
  });
});

describe('examples/detector', () => {
  const run = (source: string, i: number, options: CompileOptions = few) =>
    ort.run(onnxWithWeights(modelOf(source, options), detector.path, 'weight.'), detector.arrays(`in.${i}.`));

  it.each([0, 1])('finds what PyTorch does: %i', async (i) => {
    const found = await run(sourceOf('detector'), i);
    const wanted = detector.arrays(`out.${i}.`);
    expect(found.labels).toEqual(wanted.labels);
    for (const name of ['boxes', 'scores']) {
      expect(found[name]?.shape).toEqual(wanted[name]?.shape);
      expect(relativeError(found[name] as NdArray, wanted[name] as NdArray)).toBeLessThanOrEqual(tolerance);
    }
  });

  it('finds nothing where no score is high enough', async () => {
    const found = await run(sourceOf('detector'), 0, { set: { ...few.set, threshold: '0.999' } });
    expect(found.boxes?.shape).toEqual([0, 4]);
    expect(found.scores?.shape).toEqual([0]);
    expect(found.labels?.shape).toEqual([0]);
  });

  it('finds the best ones if it may not find all', async () => {
    const found = await run(sourceOf('detector'), 0, { set: { ...few.set, most: '7' } });
    const wanted = detector.arrays('out.0.');
    expect([...(found.labels?.data ?? [])]).toEqual([...(wanted.labels?.data.subarray(0, 7) ?? [])]);
  });

  it.each([
    ['boxes that overlap are kept', 'nms(boxes + apart, scores, iou)', 'nms(boxes + apart, scores, 1.0)'],
    ['boxes of different classes remove each other', 'nms(boxes + apart, scores, iou)', 'nms(boxes + 0 * apart, scores, iou)'],
    ['every place has the best class only', 'at    = nonzero(all > threshold)', 'at    = nonzero(all >= max(all, axis = 2, keep = true))'],
  ])('finds something else if %s', async (_, from, to) => {
    const source = sourceOf('detector');
    expect(source).toContain(from);
    const found = await run(source.replace(from, to), 0);
    const wanted = detector.arrays('out.0.');
    expect(found.boxes?.shape).not.toEqual(wanted.boxes?.shape);
  });
});
