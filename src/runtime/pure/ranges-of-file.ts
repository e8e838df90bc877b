import type { ValueRange } from '../../ops/value-range.js';
import { parseRange } from './integer-range.js';

/** The integers that inputs may hold, by name: a metadata entry of an ONNX file, a JSON object. Whatever is not a range was written by another tool, and is skipped. */
export function rangesOfFile(json = '{}'): ReadonlyMap<string, ValueRange> {
  const ranges = new Map<string, ValueRange>();
  for (const [name, value] of Object.entries(objectOf(json))) {
    const { least, most, also } = Object(value) as Readonly<Record<string, unknown>>;
    if (!isEnd(least) || !isEnd(most) || !(also === undefined || Number.isSafeInteger(also))) continue;
    const range = parseRange({ least, most, also: also as number | undefined });
    if (range !== undefined) ranges.set(name, range);
  }
  return ranges;
}

function objectOf(json: string): object {
  try {
    return Object(JSON.parse(json));
  } catch {
    return {};
  }
}

function isEnd(value: unknown): value is number | string {
  return typeof value === 'string' || Number.isSafeInteger(value);
}
