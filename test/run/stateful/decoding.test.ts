import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ndArray } from '../../../src/ops/nd/array.js';
import type { NdArray } from '../../../src/ops/types.js';
import { fixtureData, relativeError } from '../../kit/fixtures.js';
import { bestTokens, joinedPositions, onesOf, positionsOf, rowsOf } from '../../kit/positions.js';
import type { Stream } from '../../kit/stream.js';
import { cacheLosses, changed, leastError, tolerance, useStatefulModels } from './stateful-model.js';

const statefulModel = useStatefulModels();

describe.each([
  ['llama', resolve(import.meta.dirname, '../../../examples/llama/model.arch')],
  ['gpt2_cache', resolve(import.meta.dirname, 'gpt2_cache.arch')],
])('%s with a cache', (name, path) => {
  const source = readFileSync(path, 'utf8');
  const { inputs, outputs } = fixtureData(name);
  const { prompt, mask, tokens, logits } = { ...inputs, ...outputs } as Record<'prompt' | 'mask' | 'tokens' | 'logits', NdArray>;
  const ids = joinedPositions([prompt, tokens]);
  /** The number of tokens before each of PyTorch's logits. */
  const ends = Array.from({ length: 12 }, (_, i) => i + (prompt.shape[1] ?? 0));
  const model = statefulModel(source, name);

  it('builds without a message, with every weight found by its name', () => {
    expect(model.messages).toBe('');
  });

  it('says what PyTorch says, token by token, although one row is padded on the left', async () => {
    const got = await logitsAt(ends, model.stream({ N: 2 }), ids, mask);
    expect(bestTokens(got).data).toEqual(tokens.data);
    expect(relativeError(got, logits)).toBeLessThanOrEqual(tolerance);
  });

  it('says the same about one row alone', async () => {
    const got = await logitsAt(ends, model.stream({ N: 1 }), rowsOf(ids, [0]), rowsOf(mask, [0]));
    expect(bestTokens(got).data).toEqual(rowsOf(tokens, [0]).data);
    expect(relativeError(got, rowsOf(logits, [0]))).toBeLessThanOrEqual(tolerance);
  });

  it('says the same when it gets all tokens so far at once', async () => {
    const each: NdArray[] = [];
    for (const end of ends) each.push(await logitsAt([end], model.stream({ N: 2 }), ids, mask));
    const got = joinedPositions(each);
    expect(bestTokens(got).data).toEqual(tokens.data);
    expect(relativeError(got, logits)).toBeLessThanOrEqual(tolerance);
  });

  it('says the same when the tokens come in pieces', async () => {
    const some = [0, 1, 4, 5, 11];
    const got = await logitsAt(
      some.map((i) => ends[i] as number),
      model.stream({ N: 2 }),
      ids,
      mask,
    );
    const wanted = joinedPositions(some.map((i) => positionsOf(logits, i, i + 1)));
    expect(relativeError(got, wanted)).toBeLessThanOrEqual(tolerance);
  });

  it.each(Object.entries(cacheLosses))('is wrong by more than half without %s', async (_, changes) => {
    const broken = statefulModel(changed(source, changes), name);
    const got = await logitsAt(ends, broken.stream({ N: 2 }), ids, mask);
    expect(relativeError(positionsOf(got, 0, 1), positionsOf(logits, 0, 1))).toBeLessThanOrEqual(tolerance);
    expect(leastError(got, logits, 1)).toBeGreaterThan(0.5);
  });

  it('is wrong by more than half about the padded row without its mask', async () => {
    const broken = statefulModel(changed(source, [['attention_mask != 0', 'attention_mask >= 0']]), name);
    const got = await logitsAt(ends.slice(0, 1), broken.stream({ N: 2 }), ids, mask);
    expect(relativeError(rowsOf(got, [1]), rowsOf(positionsOf(logits, 0, 1), [1]))).toBeGreaterThan(0.5);
  });
});

/** Feeds the tokens in pieces that end at `ends`; gives the logits at each end. */
async function logitsAt(ends: readonly number[], stream: Stream, ids: NdArray, promptMask: NdArray): Promise<NdArray> {
  const mask = joinedPositions([promptMask, onesOf(ids.shape[0] ?? 0, (ids.shape[1] ?? 0) - (promptMask.shape[1] ?? 0))]);
  const positions = positionsUnder(mask);
  const logits: NdArray[] = [];
  for (const [i, end] of ends.entries()) {
    const start = ends[i - 1] ?? 0;
    const outputs = await stream.call({
      input_ids: positionsOf(ids, start, end),
      position_ids: positionsOf(positions, start, end),
      attention_mask: positionsOf(mask, 0, end),
    });
    logits.push(positionsOf(outputs.logits as NdArray, end - start - 1, end - start));
  }
  return joinedPositions(logits);
}

/** The positions of tokens in rows that are padded on the left: as in PyTorch, those of the padding are 0. */
function positionsUnder({ shape, data }: NdArray): NdArray {
  const length = shape[1] ?? 0;
  let count = 0;
  const positions = data.map((present, i) => {
    count = (i % length === 0 ? 0 : count) + present;
    return Math.max(count - 1, 0);
  });
  return ndArray('i64', shape, positions);
}
