/// <reference types="node" />
import { createHash } from 'node:crypto';
import { closeSync, openSync, write as writeCallback } from 'node:fs';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import type { DataPiece, StoragePlan } from '../6-emit/storage.js';
import type { ConvertedSource, TensorSource } from '../6-emit/weights/tensor-source.js';
import { UnusableWeight } from '../6-emit/weights/unusable-weight.js';
import { bytesOf } from '../ops/types.js';
import type { Access } from './access.js';
import { type CopiedSegment, copyInThreads } from './copy-segments.js';
import type { Segment } from './copy-worker.js';
import { dataFileStem, dataFileToCome } from './data-file-names.js';
import { Flusher } from './flusher.js';
import { hostError } from './host-error.js';
import { TemporaryFile } from './temporary-file.js';

const write = promisify(writeCallback);

/** Bytes that are read, summed and written at a time: few enough to stay in the processor's cache meanwhile. */
const blockBytes = 256 * 1024;

/** A data file that is complete and on the disk, but not in its place yet. */
export interface DataFile {
  /** `model-1f3c5a7b9d0e.data`, with a hash of the content, so that the data file of an existing model is never overwritten by other weights. */
  readonly name: string;
  readonly file: TemporaryFile;
}

/** Writes the data file of a model into the folder of the model. The process still responds to signals. Throws `HostError` or `UnusableWeight`, leaving nothing behind. */
export async function writeDataFile(modelPath: string, plan: StoragePlan, access: Access | undefined): Promise<DataFile> {
  const stem = dataFileStem(modelPath);
  const file = new TemporaryFile(dataFileToCome(modelPath), access, `the data file of ${modelPath}`);
  const checksums = new Checksums(plan.pieces);
  const target: Target = { descriptor: file.descriptor, checksums };
  const flusher = new Flusher(file.descriptor);
  try {
    try {
      for (const [index, piece] of plan.pieces.entries()) if (placeOf(piece.source) === undefined) await writeMade(target, piece, index);
      await copyStored(target, plan.pieces);
    } finally {
      await flusher.rest();
    }
  } catch (error) {
    if (!(error instanceof UnusableWeight)) throw file.failure(error);
    file.discard();
    throw error;
  }
  file.complete();
  return { name: `${stem}${checksums.contentHash()}.data`, file };
}

/**
 * The input of the hash in a data file's name: all offsets and lengths, and the CRC-32 of every block, under sha256. A sha256 of the
 * content itself would take longer than the copy.
 */
class Checksums {
  readonly #pieces: readonly DataPiece[];
  readonly #blocks: number[][];

  constructor(pieces: readonly DataPiece[]) {
    this.#pieces = pieces;
    this.#blocks = pieces.map(() => []);
  }

  add(piece: number, block: Uint8Array): void {
    this.#blocks[piece]?.push(crc32(block));
  }

  /** The sums of all blocks of a piece at once. */
  set(piece: number, sums: Iterable<number>): void {
    this.#blocks[piece] = [...sums];
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
}

async function writeMade({ descriptor, checksums }: Target, { offset, source }: DataPiece, piece: number): Promise<void> {
  let at = offset;
  for (const block of source.blocks()) {
    checksums.add(piece, block);
    for (let done = 0; done < block.length; ) done += (await write(descriptor, block, done, block.length - done, at + done)).bytesWritten;
    at += block.length;
  }
}

/** Copies and converts data that are already in files, in constant memory. The gaps that alignment leaves are holes, which read as zeros. */
async function copyStored({ descriptor: target, checksums }: Target, pieces: readonly DataPiece[]): Promise<void> {
  const descriptors = new Map<string, number>();
  try {
    const numbers: number[] = [];
    const segments: CopiedSegment[] = [];
    for (const [piece, { offset, source }] of pieces.entries()) {
      const place = placeOf(source);
      if (place === undefined || source.length === 0) continue;
      const { path, offset: from } = place;
      const descriptor = descriptors.get(path) ?? openToRead(path);
      descriptors.set(path, descriptor);
      numbers.push(piece);
      const segment = { path, descriptor, from, to: offset, length: source.length };
      segments.push(source.converted === undefined ? segment : converting(segment, source.converted));
    }
    if (segments.length === 0) return;
    const sums = await copyInThreads(target, segments, blockBytes);
    for (const [i, piece] of numbers.entries()) checksums.set(piece, sums[i] ?? []);
  } finally {
    for (const descriptor of descriptors.values()) closeSync(descriptor);
  }
}

function placeOf({ stored, converted }: TensorSource): { readonly path: string; readonly offset: number } | undefined {
  return stored ?? converted;
}

function converting(segment: Segment, { from, to, tooLarge }: ConvertedSource): CopiedSegment {
  return { ...segment, cast: { from, to, ratio: bytesOf[from] / bytesOf[to] }, tooLarge };
}

function openToRead(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw hostError('read', path, error);
  }
}
