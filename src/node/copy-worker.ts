/// <reference types="node" />

/** A run of bytes from one file to another, and the file's name for messages. */
export interface Segment {
  readonly path: string;
  readonly descriptor: number;
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

export interface CopyRequest {
  readonly target: number;
  readonly segments: readonly Segment[];
  /** Bytes that are read, summed and written at a time. */
  readonly blockBytes: number;
}

/** The CRC-32 of every block of every segment, or what went wrong. */
export type CopyReply =
  | { readonly kind: 'done'; readonly sums: readonly Uint32Array[] }
  | { readonly kind: 'read' | 'write'; readonly path: string; readonly message: string; readonly code: string }
  | { readonly kind: 'shorter'; readonly path: string };

/**
 * The function that a copying thread runs. It is sent to the thread as text, so that no bundle needs a file for it: it may use nothing from
 * outside except what Node provides.
 */
export function copySegments(): void {
  const { readSync, writeSync } = process.getBuiltinModule('node:fs');
  const { crc32 } = process.getBuiltinModule('node:zlib');
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { target, segments, blockBytes }: CopyRequest = workerData;
  const buffer = Buffer.allocUnsafeSlow(blockBytes);

  // An error would lose its code on the way to the other thread.
  const failure = (kind: 'read' | 'write', path: string, error: unknown): CopyReply => {
    const { message, code = '' } = error as NodeJS.ErrnoException;
    return { kind, path, message, code };
  };

  const copy = ({ path, descriptor, from, to, length }: Segment): Uint32Array | CopyReply => {
    const sums = new Uint32Array(Math.ceil(length / blockBytes));
    for (const [index] of sums.entries()) {
      const at = index * blockBytes;
      const block = buffer.subarray(0, Math.min(blockBytes, length - at));
      try {
        for (let done = 0; done < block.length; ) {
          const count = readSync(descriptor, block, done, block.length - done, from + at + done);
          if (count === 0) return { kind: 'shorter', path };
          done += count;
        }
      } catch (error) {
        return failure('read', path, error);
      }
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
  for (const segment of segments) {
    const copied = copy(segment);
    if (!(copied instanceof Uint32Array)) {
      parentPort?.postMessage(copied);
      return;
    }
    sums.push(copied);
  }
  parentPort?.postMessage({ kind: 'done', sums } satisfies CopyReply);
}
