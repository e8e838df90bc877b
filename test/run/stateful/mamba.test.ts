import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../src/ops/types.js';
import { fixtureData, relativeError } from '../../kit/fixtures.js';
import { fedInPieces } from './fed-in-pieces.js';
import { changed, leastError, useStatefulModels } from './stateful-model.js';

const statefulModel = useStatefulModels();
const source = readFileSync(resolve(import.meta.dirname, '../../../examples/mamba/model.arch'), 'utf8');
const { inputs, outputs } = fixtureData('mamba');
const ids = (length: number) => inputs[`ids.${length}`] as NdArray;
const logits = (length: number) => outputs[`logits.${length}`] as NdArray;

/** What float32 sums in another order can differ by after 64 steps of the recurrence. */
const tolerance = 2e-5;

describe('mamba', () => {
  const model = statefulModel(source, 'mamba');

  it('builds without a message, with every weight found by its name', () => {
    expect(model.messages).toBe('');
  });

  it.each([1, 7, 64])('gives the logits of PyTorch for %i tokens', async (length) => {
    const got = await fedInPieces(model.stream({ N: 2 }), { input_ids: ids(length) }, [length]);
    expect(got.shape).toEqual(logits(length).shape);
    expect(relativeError(got, logits(length))).toBeLessThanOrEqual(tolerance);
  });

  it.each([[[1, 1, 1, 1, 1, 1, 1]], [[5, 2]], [[2, 4, 1]]])('gives them when the tokens come in pieces: %j', async (lengths) => {
    const got = await fedInPieces(model.stream({ N: 2 }), { input_ids: ids(7) }, lengths);
    expect(relativeError(got, logits(7))).toBeLessThanOrEqual(tolerance);
  });

  describe.each([
    ['forgets', '* h + unsqueeze', '* (0 * h) + unsqueeze'],
    ['passes nothing on', 'next h = h1', ''],
  ])('whose recurrence %s', (_, from, to) => {
    const broken = statefulModel(changed(source, [[from, to]]), 'mamba');

    it.each([7, 64])('is wrong by more than half after %i tokens', async (length) => {
      const got = await fedInPieces(broken.stream({ N: 2 }), { input_ids: ids(length) }, [length]);
      expect(leastError(got, logits(length), length - 1)).toBeGreaterThan(0.5);
    });
  });

  it.each([
    ['the recurrence', [['= last {', '= zeros {']]],
    ['the convolution', [['concat(past, x', 'concat(0 * past, x']]],
  ] as const)('is wrong by more than half, token by token, where %s does not go on from the call before', async (_, changes) => {
    const broken = statefulModel(changed(source, changes), 'mamba');
    const got = await fedInPieces(broken.stream({ N: 2 }), { input_ids: ids(7) }, [1, 1, 1, 1, 1, 1, 1]);
    expect(leastError(got, logits(7), 1)).toBeGreaterThan(0.5);
  });
});
