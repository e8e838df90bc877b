/// <reference types="node" />
import type { Float, FloatCast, floatCast, floatConversions } from '../6-emit/weights/float-cast.js';

/** A run of elements from one file to another, and the file's name for messages. */
export interface Segment {
  readonly path: string;
  readonly descriptor: number;
  readonly from: number;
  readonly to: number;
  /** The number of bytes to write. */
  readonly length: number;
  /** The float types, if they differ. */
  readonly cast?: SegmentCast | undefined;
}

export interface SegmentCast {
  readonly from: Float;
  readonly to: Float;
  /** How many bytes are read for each byte that is written. */
  readonly ratio: number;
}

export interface CopyRequest {
  readonly target: number;
  readonly segments: readonly Segment[];
  /** How many bytes are converted, summed and written at a time. */
  readonly blockBytes: number;
}

/** The CRC-32 of every block of every segment, or what went wrong. `too-large` is a finite value in a segment that would become infinite. */
export type CopyReply =
  | { readonly kind: 'done'; readonly sums: readonly Uint32Array[] }
  | { readonly kind: 'read' | 'write'; readonly path: string; readonly message: string; readonly code: string }
  | { readonly kind: 'shorter'; readonly path: string }
  | { readonly kind: 'too-large'; readonly segment: number; readonly value: number };

/**
 * The function that a copying thread runs. It is sent to the thread as text, so that no bundle needs a file for it: it may use nothing from
 * outside except its arguments, which are sent in the same way, and what Node provides.
 */
export function copySegments(castOf: typeof floatCast, conversions: typeof floatConversions): void {
  const { readSync, writeSync } = process.getBuiltinModule('node:fs');
  const { crc32 } = process.getBuiltinModule('node:zlib');
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { target, segments, blockBytes }: CopyRequest = workerData;
  const written = new Uint8Array(blockBytes);
  const casts = new Map<string, { readonly convert: FloatCast; readonly read: Uint8Array<ArrayBuffer> }>();

  const castFor = ({ from, to, ratio }: SegmentCast) => {
    const key = `${from} ${to}`;
    const cast = casts.get(key) ?? { convert: castOf(from, to, conversions), read: new Uint8Array(blockBytes * ratio) };
    casts.set(key, cast);
    return cast;
  };

  // An error would lose its code on the way to the other thread.
  const failure = (kind: 'read' | 'write', path: string, error: unknown): CopyReply => {
    const { message, code = '' } = error as NodeJS.ErrnoException;
    return { kind, path, message, code };
  };

  const copy = (segment: number): Uint32Array | CopyReply => {
    const { path, descriptor, from, to, length, cast } = segments[segment] as Segment;
    const ratio = cast?.ratio ?? 1;
    const conversion = cast === undefined ? undefined : castFor(cast);
    const sums = new Uint32Array(Math.ceil(length / blockBytes));
    for (const [index] of sums.entries()) {
      const at = index * blockBytes;
      const block = written.subarray(0, Math.min(blockBytes, length - at));
      const source = conversion?.read.subarray(0, block.length * ratio) ?? block;
      try {
        for (let done = 0; done < source.length; ) {
          const count = readSync(descriptor, source, done, source.length - done, from + at * ratio + done);
          if (count === 0) return { kind: 'shorter', path };
          done += count;
        }
      } catch (error) {
        return failure('read', path, error);
      }
      const value = conversion?.convert(source, block);
      if (value !== undefined) return { kind: 'too-large', segment, value };
      sums[index] = crc32(block);
      try {
        for (let done = 0; done < block.length; ) done += writeSync(target, block, done, block.length - done, to + at + done);
      } catch (error) {
        return failure('write', path, error);
      }
    }
    return sums;
  };

  const sums: Uint32Array[] = [];
  for (const segment of segments.keys()) {
    const copied = copy(segment);
    if (!(copied instanceof Uint32Array)) {
      parentPort?.postMessage(copied);
      return;
    }
    sums.push(copied);
  }
  parentPort?.postMessage({ kind: 'done', sums } satisfies CopyReply);
}
