import type { NdArray } from '../../../src/ops/types.js';
import { joinedPositions, positionsOf } from '../../kit/positions.js';
import type { Stream } from '../../kit/stream.js';

/** Feeds inputs `[N, T, ...]` in pieces of these lengths, one call each; gives the logits of all of them. */
export async function fedInPieces(stream: Stream, inputs: Readonly<Record<string, NdArray>>, lengths: readonly number[]): Promise<NdArray> {
  const logits: NdArray[] = [];
  let start = 0;
  for (const length of lengths) {
    const end = start + length;
    const piece = Object.entries(inputs).map(([name, array]) => [name, positionsOf(array, start, end)]);
    const outputs = await stream.call(Object.fromEntries(piece));
    logits.push(outputs.logits as NdArray);
    start = end;
  }
  return joinedPositions(logits);
}
