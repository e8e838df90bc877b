/// <reference types="node" />
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { DataPiece, StoragePlan } from '../6-emit/storage.js';
import { HostError } from '../host.js';
import { hostError } from './host-error.js';
import { TemporaryFile } from './temporary-file.js';

/** Bytes copied at a time: few enough to stay in the processor's cache between reading, summing and writing, which larger ones do not. */
const blockBytes = 256 * 1024;

/** After so many bytes signals are looked at: some tens of milliseconds. */
const breathBytes = 64 * 1024 * 1024;

/**
 * Writes the data file of a model beside it and gives its name: `model-1f3c5a7b9d0e.data`, with a hash of the content, so
 * that the data file that an existing model refers to is never overwritten by other weights. Between blocks the process
 * stays open to signals. Throws `HostError`; nothing is left behind then.
 */
export async function writeDataFile(modelPath: string, plan: StoragePlan): Promise<string> {
  const stem = basename(modelPath).replace(/\.onnx$/, '');
  const file = new TemporaryFile(join(dirname(modelPath), `${stem}.data`));
  const checksums = new Checksums(plan.pieces);
  try {
    for (const [index, piece] of plan.pieces.entries()) {
      if (piece.source.stored === undefined) await writeMade(file.descriptor, piece, index, checksums);
    }
    await copyStored(file.descriptor, plan.pieces, checksums);
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

  add(piece: number, block: Uint8Array): void {
    this.#blocks[piece]?.push(crc32(block));
  }

  contentHash(): string {
    const hash = createHash('sha256');
    for (const [i, { offset, source }] of this.#pieces.entries()) hash.update(`${offset}+${source.length}:${this.#blocks[i]?.join()};`);
    return hash.digest('hex').slice(0, 12);
  }
}

async function writeMade(descriptor: number, { offset, source }: DataPiece, index: number, checksums: Checksums): Promise<void> {
  let at = offset;
  for (const block of source.blocks()) {
    checksums.add(index, block);
    writeAll(descriptor, block, at);
    await setImmediate();
    at += block.length;
  }
}

/**
 * Copies what lies in files already: a block is read, summed and written while it is in the processor's cache, with one buffer whatever the size of
 * the file. Handing blocks to other threads costs more than it hides. The gaps of the alignment stay holes, which read as zeros.
 */
async function copyStored(target: number, pieces: readonly DataPiece[], checksums: Checksums): Promise<void> {
  const descriptors = new Map<string, number>();
  const buffer = Buffer.allocUnsafeSlow(blockBytes);
  let sinceBreath = 0;
  try {
    for (const copy of blocksToCopy(pieces, descriptors)) {
      const block = buffer.subarray(0, copy.length);
      readAll(copy, block);
      checksums.add(copy.piece, block);
      writeAll(target, block, copy.to);
      sinceBreath += copy.length;
      if (sinceBreath < breathBytes) continue;
      sinceBreath = 0;
      await setImmediate();
    }
  } finally {
    for (const descriptor of descriptors.values()) closeSync(descriptor);
  }
}

interface Copy {
  readonly path: string;
  readonly descriptor: number;
  readonly from: number;
  readonly to: number;
  readonly length: number;
  readonly piece: number;
}

function* blocksToCopy(pieces: readonly DataPiece[], descriptors: Map<string, number>): Iterable<Copy> {
  for (const [piece, { offset, source }] of pieces.entries()) {
    if (source.stored === undefined) continue;
    const { path, offset: start } = source.stored;
    const descriptor = descriptors.get(path) ?? openToRead(path);
    descriptors.set(path, descriptor);
    for (let at = 0; at < source.length; at += blockBytes) {
      yield { path, descriptor, from: start + at, to: offset + at, length: Math.min(blockBytes, source.length - at), piece };
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

function readAll({ path, descriptor, from }: Copy, block: Buffer): void {
  for (let done = 0; done < block.length; ) {
    let count: number;
    try {
      count = readSync(descriptor, block, done, block.length - done, from + done);
    } catch (error) {
      throw hostError('read', path, error);
    }
    if (count === 0) throw new HostError(`cannot read ${path}: it became shorter while it was being read`);
    done += count;
  }
}

function writeAll(descriptor: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done, bytes.length - done, offset + done);
}
