/// <reference types="node" />
import { createHash } from 'node:crypto';
import { close, open, read, write } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import type { StoragePlan } from '../6-emit/storage.js';
import type { TensorSource } from '../6-emit/weights/tensor-source.js';
import { HostError } from '../host.js';
import { hostError } from './host-error.js';
import { TemporaryFile } from './temporary-file.js';

/** Bytes copied at a time; two such blocks are all the memory that a file of any size needs. */
const blockBytes = 8 * 1024 * 1024;

/**
 * Writes the data file of a model beside it and gives its name: `model-1f3c5a7b9d0e.data`, with a hash of the content, so
 * that the data file that an existing model refers to is never overwritten by other weights. Between blocks the process
 * stays open to signals. Throws `HostError`; nothing is left behind then.
 */
export async function writeDataFile(modelPath: string, plan: StoragePlan): Promise<string> {
  const stem = basename(modelPath).replace(/\.onnx$/, '');
  const file = new TemporaryFile(join(dirname(modelPath), `${stem}.data`));
  const writer = new BlockWriter(file.descriptor);
  try {
    for (const { offset, source } of plan.pieces) await writer.tensor(offset, source);
    await writer.settle();
  } catch (error) {
    // No write may still be under way when the file is closed.
    await writer.settle().catch(() => undefined);
    throw file.failure(error);
  }
  const name = `${stem}-${writer.contentHash()}.data`;
  file.commit(join(dirname(modelPath), name));
  return name;
}

/** Whether `name` is a data file that `writeDataFile` made for this model, going by its name. */
export function isDataFileOf(modelPath: string, name: string): boolean {
  const stem = basename(modelPath).replace(/\.onnx$/, '');
  return name.startsWith(`${stem}-`) && /^[0-9a-f]{12}\.data$/.test(name.slice(stem.length + 1));
}

const readAt = promisify(read);
const writeAt = promisify(write);
const openFile = promisify(open);
const closeFile = promisify(close);

/**
 * Writes blocks at their offsets, one being written while the next is read. The gaps of the alignment stay holes, which read
 * as zeros.
 */
class BlockWriter {
  readonly #descriptor: number;
  /** Of all offsets and lengths and the CRC-32 of every block: a sha256 of the content itself takes longer than the copy. */
  readonly #hash = createHash('sha256');
  readonly #buffers = [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)] as const;
  #turn = 0;
  #pending: Promise<void> = Promise.resolve();

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  async tensor(offset: number, source: TensorSource): Promise<void> {
    this.#hash.update(`${offset}+${source.length}:`);
    if (source.stored === undefined) await this.#made(offset, source);
    else await this.#copied(offset, source.stored.path, source.stored.offset, source.length);
  }

  /** Waits for the last block. */
  settle(): Promise<void> {
    return this.#pending;
  }

  contentHash(): string {
    return this.#hash.digest('hex').slice(0, 12);
  }

  async #made(offset: number, source: TensorSource): Promise<void> {
    let at = offset;
    for (const block of source.blocks()) {
      this.#write(block, at);
      at += block.length;
      // A block is only valid until the next one is asked for.
      await this.#pending;
    }
  }

  async #copied(offset: number, path: string, start: number, length: number): Promise<void> {
    const descriptor = await openFile(path, 'r').catch((error: unknown) => {
      throw hostError('read', path, error);
    });
    try {
      for (let at = 0; at < length; ) {
        // The other buffer may still be being written.
        const buffer = this.#buffers[this.#turn++ & 1] ?? this.#buffers[0];
        const { bytesRead } = await readAt(descriptor, buffer, 0, Math.min(blockBytes, length - at), start + at).catch((error: unknown) => {
          throw hostError('read', path, error);
        });
        if (bytesRead === 0) throw new HostError(`cannot read ${path}: it became shorter while it was being read`);
        await this.#pending;
        this.#write(buffer.subarray(0, bytesRead), offset + at);
        at += bytesRead;
      }
    } finally {
      await closeFile(descriptor);
    }
  }

  #write(block: Uint8Array, offset: number): void {
    this.#pending = this.#writeAll(block, offset);
    // A failure shows where the promise is awaited; until then it must not count as unhandled.
    this.#pending.catch(() => undefined);
    this.#hash.update(`${crc32(block)},`);
  }

  async #writeAll(block: Uint8Array, offset: number): Promise<void> {
    for (let done = 0; done < block.length; ) {
      done += (await writeAt(this.#descriptor, block, done, block.length - done, offset + done)).bytesWritten;
    }
  }
}
