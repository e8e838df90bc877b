import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../src/ops/types.js';
import { fixtureData, relativeError } from '../../kit/fixtures.js';
import { fedInPieces } from './fed-in-pieces.js';
import { changed, leastError, tolerance, useStatefulModels } from './stateful-model.js';

const statefulModel = useStatefulModels();
const name = 'lstm_stream';
const source = readFileSync(resolve(import.meta.dirname, `${name}.arch`), 'utf8');

describe('an LSTM that is fed in pieces', () => {
  const { inputs, outputs } = fixtureData(name);
  const { ids, logits, h, c } = { ...inputs, ...outputs } as Record<'ids' | 'logits' | 'h' | 'c', NdArray>;

  it.each([[[24]], [[1, 2, 3, 7, 11]], [Array<number>(24).fill(1)]])(
    'says what PyTorch says about the whole: pieces of %j',
    async (lengths) => {
      const stream = statefulModel(source, name).stream({ N: 2 });
      expect(relativeError(await fedInPieces(stream, { ids }, lengths), logits)).toBeLessThanOrEqual(tolerance);
      expect(relativeError(stream.states.h as NdArray, h)).toBeLessThanOrEqual(tolerance);
      expect(relativeError(stream.states.c as NdArray, c)).toBeLessThanOrEqual(tolerance);
    },
  );

  it.each([
    ['h', [['(h, c)', '(0 * h, c)']]],
    ['c', [['(h, c)', '(h, 0 * c)']]],
    ['both', [['(h, c)', '']]],
  ] as const)('is wrong by more than half at every step without its state: %s', async (_, changes) => {
    const stream = statefulModel(changed(source, changes), name).stream({ N: 2 });
    expect(leastError(await fedInPieces(stream, { ids }, Array<number>(24).fill(1)), logits, 1)).toBeGreaterThan(0.5);
  });
});
