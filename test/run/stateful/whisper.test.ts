import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../src/ops/types.js';
import { fixtureData, relativeError } from '../../kit/fixtures.js';
import { bestTokens, joinedPositions, onesOf, positionsOf, rowsOf } from '../../kit/positions.js';
import type { Stream } from '../../kit/stream.js';
import { cacheLosses, changed, leastError, tolerance, useStatefulModels } from './stateful-model.js';

const statefulModel = useStatefulModels();
const source = readFileSync(resolve(import.meta.dirname, '../../../examples/whisper/model.arch'), 'utf8');

describe('whisper', () => {
  const { inputs, outputs } = fixtureData('whisper');
  const { features, prompt, memory, tokens, logits } = { ...inputs, ...outputs } as Record<
    'features' | 'prompt' | 'memory' | 'tokens' | 'logits',
    NdArray
  >;
  const ids = joinedPositions([prompt, tokens]);
  /** The number of tokens before each of PyTorch's logits. */
  const ends = Array.from({ length: 12 }, (_, i) => i + (prompt.shape[1] ?? 0));
  const model = statefulModel(source, 'whisper');

  it('builds without a message, with every weight found by its name', () => {
    expect(model.messages).toBe('');
  });

  it('encodes as PyTorch does', async () => {
    const got = await model.stream({ N: 2 }, 'encode').call({ input_features: features });
    expect(Object.keys(got)).toEqual(['memory']);
    expect(relativeError(got.memory as NdArray, memory)).toBeLessThanOrEqual(tolerance);
  });

  it('decodes what it encoded, token by token, as PyTorch does', async () => {
    const encoded = await model.stream({ N: 2 }, 'encode').call({ input_features: features });
    const got = await decoded(model.stream({ N: 2 }, 'step'), encoded.memory as NdArray);
    expect(bestTokens(got).data).toEqual(tokens.data);
    expect(relativeError(got, logits)).toBeLessThanOrEqual(tolerance);
  });

  it('decodes the same when it gets all tokens so far at once', async () => {
    const each: NdArray[] = [];
    for (const end of ends) each.push(await decoded(model.stream({ N: 2 }, 'step'), memory, [end]));
    expect(relativeError(joinedPositions(each), logits)).toBeLessThanOrEqual(tolerance);
  });

  it.each(Object.entries(cacheLosses))('is wrong by more than half without %s', async (_, changes) => {
    const broken = statefulModel(changed(source, changes), 'whisper');
    const got = await decoded(broken.stream({ N: 2 }, 'step'), memory);
    expect(leastError(got, logits, 1)).toBeGreaterThan(0.5);
  });

  it('is wrong by more than half about another recording', async () => {
    const got = await decoded(model.stream({ N: 2 }, 'step'), rowsOf(memory, [1, 0]));
    expect(leastError(got, logits, 1)).toBeGreaterThan(0.5);
  });

  /** Feeds PyTorch's tokens in pieces that end at `at`; gives the logits at each end. */
  async function decoded(stream: Stream, encoded: NdArray, at = ends): Promise<NdArray> {
    const got: NdArray[] = [];
    for (const [i, end] of at.entries()) {
      const start = at[i - 1] ?? 0;
      const feeds = { input_ids: positionsOf(ids, start, end), attention_mask: onesOf(2, end), memory: encoded };
      const { logits: piece } = await stream.call(feeds);
      got.push(positionsOf(piece as NdArray, end - start - 1, end - start));
    }
    return joinedPositions(got);
  }
});
