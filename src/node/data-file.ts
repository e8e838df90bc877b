/// <reference types="node" />
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { closeSync, openSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import type { DataPiece, StoragePlan } from '../6-emit/storage.js';
import { HostError } from '../host.js';
import { Flusher } from './flusher.js';
import { hostError } from './host-error.js';
import { TemporaryFile } from './temporary-file.js';

const read = promisify(fs.read);
const write = promisify(fs.write);

/** Bytes copied at a time: enough that handing a block to another thread costs nothing, few enough to stay in the processor's cache. */
const blockBytes = 1024 * 1024;

/** Blocks that are under way at once, one being read, one written and one summed. */
const lanes = 3;

/**
 * Writes the data file of a model beside it and gives its name: `model-1f3c5a7b9d0e.data`, with a hash of the content, so
 * that the data file that an existing model refers to is never overwritten by other weights. The process
 * stays open to signals. Throws `HostError`; nothing is left behind then.
 */
export async function writeDataFile(modelPath: string, plan: StoragePlan): Promise<string> {
  const stem = basename(modelPath).replace(/\.onnx$/, '');
  const file = new TemporaryFile(join(dirname(modelPath), `${stem}.data`));
  const checksums = new Checksums(plan.pieces);
  const target: Target = { descriptor: file.descriptor, checksums, flusher: new Flusher(file.descriptor) };
  try {
    try {
      for (const [index, piece] of plan.pieces.entries()) if (piece.source.stored === undefined) await writeMade(target, piece, index);
      await copyStored(target, plan.pieces);
    } finally {
      await target.flusher.rest();
    }
  } catch (error) {
    throw file.failure(error);
  }
  const name = `${stem}-${checksums.contentHash()}.data`;
  file.commit(join(dirname(modelPath), name));
  return name;
}

/** Whether `name` is a data file that `writeDataFile` made for this model, going by its name. */
export function isDataFileOf(modelPath: string, name: string): boolean {
  const stem = basename(modelPath).replace(/\.onnx$/, '');
  return name.startsWith(`${stem}-`) && /^[0-9a-f]{12}\.data$/.test(name.slice(stem.length + 1));
}

/**
 * What the name of a data file is made of: a sha256 of all offsets and lengths and of the CRC-32 of every block. A sha256 of
 * the content itself would take longer than the copy.
 */
class Checksums {
  readonly #pieces: readonly DataPiece[];
  readonly #blocks: readonly number[][];

  constructor(pieces: readonly DataPiece[]) {
    this.#pieces = pieces;
    this.#blocks = pieces.map(() => []);
  }

  /** Blocks may come in any order; `index` counts those of the piece. */
  add(piece: number, index: number, block: Uint8Array): void {
    const sums = this.#blocks[piece];
    if (sums !== undefined) sums[index] = crc32(block);
  }

  contentHash(): string {
    const hash = createHash('sha256');
    for (const [i, { offset, source }] of this.#pieces.entries()) hash.update(`${offset}+${source.length}:${this.#blocks[i]?.join()};`);
    return hash.digest('hex').slice(0, 12);
  }
}

interface Target {
  readonly descriptor: number;
  readonly checksums: Checksums;
  readonly flusher: Flusher;
}

async function writeBlock({ descriptor, checksums, flusher }: Target, block: Uint8Array, place: Place): Promise<void> {
  checksums.add(place.piece, place.index, block);
  for (let done = 0; done < block.length; ) {
    done += (await write(descriptor, block, done, block.length - done, place.to + done)).bytesWritten;
  }
  flusher.wrote(block.length);
}

async function writeMade(target: Target, { offset, source }: DataPiece, piece: number): Promise<void> {
  let at = offset;
  let index = 0;
  for (const block of source.blocks()) {
    await writeBlock(target, block, { to: at, piece, index: index++ });
    at += block.length;
  }
}

/**
 * Copies what lies in files already, some blocks at once, in constant memory. All lanes have come to rest when this returns or throws. The gaps of the
 * alignment stay holes, which read as zeros.
 */
async function copyStored(target: Target, pieces: readonly DataPiece[]): Promise<void> {
  const descriptors = new Map<string, number>();
  const blocks = blocksToCopy(pieces, descriptors);
  let failed = false;
  const lane = async (): Promise<void> => {
    const buffer = Buffer.allocUnsafeSlow(blockBytes);
    for (const copy of blocks) {
      if (failed) return;
      const block = buffer.subarray(0, copy.length);
      await readAll(copy, block);
      await writeBlock(target, block, copy);
    }
  };
  const guarded = (): Promise<void> =>
    lane().catch((error: unknown) => {
      failed = true;
      throw error;
    });
  const outcomes = await Promise.allSettled(Array.from({ length: lanes }, guarded));
  for (const descriptor of descriptors.values()) closeSync(descriptor);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Of a block: where it goes, and which one of its piece it is. */
interface Place {
  readonly to: number;
  readonly piece: number;
  readonly index: number;
}

interface Copy extends Place {
  readonly path: string;
  readonly descriptor: number;
  readonly from: number;
  readonly length: number;
}

function* blocksToCopy(pieces: readonly DataPiece[], descriptors: Map<string, number>): Iterable<Copy> {
  for (const [piece, { offset, source }] of pieces.entries()) {
    if (source.stored === undefined) continue;
    const { path, offset: start } = source.stored;
    const descriptor = descriptors.get(path) ?? openToRead(path);
    descriptors.set(path, descriptor);
    for (let at = 0; at < source.length; at += blockBytes) {
      const length = Math.min(blockBytes, source.length - at);
      yield { path, descriptor, from: start + at, to: offset + at, length, piece, index: at / blockBytes };
    }
  }
}

function openToRead(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw hostError('read', path, error);
  }
}

async function readAll({ path, descriptor, from }: Copy, block: Buffer): Promise<void> {
  for (let done = 0; done < block.length; ) {
    let count: number;
    try {
      count = (await read(descriptor, block, done, block.length - done, from + done)).bytesRead;
    } catch (error) {
      throw hostError('read', path, error);
    }
    if (count === 0) throw new HostError(`cannot read ${path}: it became shorter while it was being read`);
    done += count;
  }
}
