import { statisticsOf } from '../../runtime/pure/statistics.js';
import type { TensorData } from '../../runtime/pure/tensor-data.js';
import { numbersOf } from '../../runtime/pure/tensor-numbers.js';
import type { RunReply } from './protocol.js';

/** The number of values of an output that are printed. */
const shown = 8;

/** `logits  f32 [2, 10]  min -0.31  max 0.27  mean 0.004  [0.12, -0.05, ...]` */
export function outputLine(name: string, tensor: TensorData): readonly string[] {
  const numbers = numbersOf(tensor);
  const { finite, notFinite } = statisticsOf(numbers);
  const first = `[${[...numbers.subarray(0, shown)].map(short).join(', ')}${numbers.length > shown ? ', ...' : ''}]`;
  const stats = finite === undefined ? [] : [`min ${short(finite.min)}`, `max ${short(finite.max)}`, `mean ${short(finite.mean)}`];
  return [
    name,
    tensor.dtype,
    `[${tensor.shape.join(', ')}]`,
    [...stats, ...(notFinite === 0 ? [] : [`${notFinite} not finite`])].join('  '),
    first,
  ];
}

/** Four significant digits. */
function short(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** `latency 1.82 ms (median of 20, 1.71 to 2.40) on cpu, loaded in 12 ms` */
export function latencyLine(reply: Extract<RunReply, { kind: 'done' }>, provider: string): string {
  const sorted = [...reply.milliseconds].sort((a, b) => a - b);
  const median = medianOf(sorted);
  const spread = sorted.length === 1 ? '' : ` (median of ${sorted.length}, ${time(sorted[0] ?? 0)} to ${time(sorted.at(-1) ?? 0)})`;
  return `latency ${time(median)} ms${spread} on ${provider}, loaded in ${Math.round(reply.load)} ms`;
}

/** The median of numbers in any order. */
export function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

/** Milliseconds with a few digits. */
export function time(milliseconds: number): string {
  return milliseconds.toFixed(milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0);
}
