/// <reference types="node" />
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { floatCast, floatConversions } from '../6-emit/weights/float-cast.js';
import { InternalError } from '../diagnostics/internal-error.js';
import { HostError } from '../host.js';
import { type CopyReply, type CopyRequest, copySegments, type Segment } from './copy-worker.js';
import { hostError } from './host-error.js';

/** Copying is bound by memory: more threads than this do not make it faster. */
const mostThreads = 4;

/** A thread takes about 20 ms to start, in which this many bytes are copied. */
const bytesForThread = 32 * 1024 * 1024;

/** A segment, and the error for a value in it that would become infinite. */
export interface CopiedSegment extends Segment {
  readonly tooLarge?: ((value: number) => Error) | undefined;
}

/** The code of a thread. Bundlers may rename functions, so one function cannot call another by name in this text: it gets it as an argument. */
function threadText(): string {
  const conversions = Object.entries(floatConversions).map(([name, convert]) => `${name}: ${convert}`);
  return `(${copySegments})(${floatCast}, { ${conversions.join(', ')} })`;
}

/**
 * Copies segments into the file `target` on several threads, each of which writes one run of bytes from its beginning to its end, which is
 * fastest for file systems. Returns the CRC-32 of every block of every segment. All threads have ended when this returns or throws
 * `HostError`, or the error of the first segment with a value that would become infinite; errors thrown by `write` are rethrown unchanged.
 */
export async function copyInThreads(
  target: number,
  segments: readonly CopiedSegment[],
  blockBytes: number,
): Promise<readonly Uint32Array[]> {
  const blocks = segments.reduce((sum, { length }) => sum + Math.ceil(length / blockBytes), 0);
  const threads = Math.max(1, Math.min(mostThreads, availableParallelism(), Math.floor((blocks * blockBytes) / bytesForThread)));
  const shares = divide(segments, Math.ceil(blocks / threads), blockBytes);
  const workers: Worker[] = [];
  try {
    const settled = await Promise.allSettled(
      shares.map((share) => {
        const request: CopyRequest = { target, segments: share.map(({ part }) => part), blockBytes };
        const worker = new Worker(threadText(), { eval: true, workerData: request });
        workers.push(worker);
        return reply(worker);
      }),
    );
    const sums = segments.map(({ length }) => new Uint32Array(Math.ceil(length / blockBytes)));
    // All threads have ended, so the error does not depend on which of them was the fastest.
    for (const [i, share] of shares.entries()) {
      const result = settled[i];
      if (result?.status !== 'fulfilled') throw result?.reason;
      if (result.value.kind === 'too-large') {
        const { segment, value } = result.value;
        throw segments[share[segment]?.segment ?? -1]?.tooLarge?.(value) ?? new InternalError(`${value} is too large for its type`);
      }
      for (const [k, { segment, at }] of share.entries()) sums[segment]?.set(result.value.sums[k] ?? [], at / blockBytes);
    }
    return sums;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** A part of segment number `segment`, from byte `at` on. */
interface Share {
  readonly part: Segment;
  readonly segment: number;
  readonly at: number;
}

/** Divides segments into shares of this many blocks each, in order. Every segment begins with a block of its own. */
function divide(segments: readonly Segment[], blocks: number, blockBytes: number): readonly (readonly Share[])[] {
  const shares: Share[][] = [];
  let room = 0;
  for (const [segment, { path, descriptor, from, to, length, cast }] of segments.entries()) {
    for (let at = 0; at < length; ) {
      if (room === 0) {
        shares.push([]);
        room = blocks;
      }
      const size = Math.min(room * blockBytes, length - at);
      const part = { path, descriptor, from: from + at * (cast?.ratio ?? 1), to: to + at, length: size, cast };
      shares.at(-1)?.push({ part, segment, at });
      room -= Math.ceil(size / blockBytes);
      at += size;
    }
  }
  return shares;
}

function reply(worker: Worker): Promise<Extract<CopyReply, { readonly kind: 'done' | 'too-large' }>> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: CopyReply) => {
      if (message.kind === 'done' || message.kind === 'too-large') resolve(message);
      else if (message.kind === 'shorter') reject(new HostError(`cannot read ${message.path}: it became shorter while it was being read`));
      else {
        const error = Object.assign(new Error(message.message), { code: message.code });
        reject(message.kind === 'write' ? error : hostError('read', message.path, error));
      }
    });
    worker.on('error', reject);
  });
}
