import { statisticsOf } from '../../runtime/pure/statistics.js';
import { elementsOf, type TensorData } from '../../runtime/pure/tensor-data.js';
import { numbersOf } from '../../runtime/pure/tensor-numbers.js';
import type { RunReply } from './protocol.js';

/** The number of values of an output that are printed. */
const shown = 8;

/** `logits  f32 [2, 10]  min -0.31  max 0.27  mean 0.004  [0.12, -0.05, ...]` */
export function outputLine(name: string, tensor: TensorData): readonly string[] {
  const numbers = numbersOf(tensor);
  const { finite, notFinite } = statisticsOf(numbers);
  const elements = elementsOf(tensor);
  // Integers of 64 bits have more digits than a number.
  const isWide = elements instanceof BigInt64Array || elements instanceof BigUint64Array;
  const list = isWide ? [...elements.subarray(0, shown)].map(String) : [...numbers.subarray(0, shown)].map(short);
  const first = `[${list.join(', ')}${numbers.length > shown ? ', ...' : ''}]`;
  const [min, max] = isWide ? extremes(elements) : [finite?.min, finite?.max].map((value) => short(value ?? 0));
  const stats = finite === undefined ? [] : [`min ${min}`, `max ${max}`, `mean ${short(finite.mean)}`];
  return [
    name,
    tensor.dtype,
    `[${tensor.shape.join(', ')}]`,
    [...stats, ...(notFinite === 0 ? [] : [`${notFinite} not finite`])].join('  '),
    first,
  ];
}

/** The least and the greatest of integers, exactly. */
function extremes(elements: BigInt64Array | BigUint64Array): readonly [string, string] {
  let [min, max] = [elements[0] ?? 0n, elements[0] ?? 0n];
  for (const element of elements) {
    if (element < min) min = element;
    if (element > max) max = element;
  }
  return [String(min), String(max)];
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
