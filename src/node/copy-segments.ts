/// <reference types="node" />
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { HostError } from '../host.js';
import { type CopyReply, type CopyRequest, copySegments, type Segment } from './copy-worker.js';
import { hostError } from './host-error.js';

/** Copying is bound by memory: more threads than this do not make it faster. */
const mostThreads = 4;

/** A thread takes about 20 ms to start, in which this many bytes are copied. */
const bytesForThread = 32 * 1024 * 1024;

/**
 * Copies segments into the file `target` on several threads, each of which writes one run of bytes from its beginning to its end, which is
 * fastest for file systems. Returns the CRC-32 of every block of every segment. No thread is running any more when this returns or throws
 * `HostError`; errors thrown by `write` are rethrown unchanged.
 */
export async function copyInThreads(target: number, segments: readonly Segment[], blockBytes: number): Promise<readonly Uint32Array[]> {
  const blocks = segments.reduce((sum, { length }) => sum + Math.ceil(length / blockBytes), 0);
  const threads = Math.max(1, Math.min(mostThreads, availableParallelism(), Math.floor((blocks * blockBytes) / bytesForThread)));
  const shares = divide(segments, Math.ceil(blocks / threads), blockBytes);
  const workers: Worker[] = [];
  try {
    const replies = await Promise.all(
      shares.map((share) => {
        const request: CopyRequest = { target, segments: share.map(({ part }) => part), blockBytes };
        const worker = new Worker(`(${copySegments})()`, { eval: true, workerData: request });
        workers.push(worker);
        return reply(worker);
      }),
    );
    const sums = segments.map(({ length }) => new Uint32Array(Math.ceil(length / blockBytes)));
    for (const [i, share] of shares.entries()) {
      for (const [k, { segment, at }] of share.entries()) sums[segment]?.set(replies[i]?.[k] ?? [], at / blockBytes);
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
  for (const [segment, { length, ...place }] of segments.entries()) {
    for (let at = 0; at < length; ) {
      if (room === 0) {
        shares.push([]);
        room = blocks;
      }
      const size = Math.min(room * blockBytes, length - at);
      shares.at(-1)?.push({ part: { ...place, from: place.from + at, to: place.to + at, length: size }, segment, at });
      room -= Math.ceil(size / blockBytes);
      at += size;
    }
  }
  return shares;
}

function reply(worker: Worker): Promise<readonly Uint32Array[]> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: CopyReply) => {
      if (message.kind === 'done') resolve(message.sums);
      else if (message.kind === 'shorter') reject(new HostError(`cannot read ${message.path}: it became shorter while it was being read`));
      else {
        const error = Object.assign(new Error(message.message), { code: message.code });
        reject(message.kind === 'write' ? error : hostError('read', message.path, error));
      }
    });
    worker.on('error', reject);
  });
}
