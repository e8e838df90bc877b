/// <reference types="node" />
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { type BinaryFile, HostError } from '../host.js';
import { hostError } from './host-error.js';

/** Opens a regular file for reading in pieces. A FIFO or a device is refused without waiting for it. */
export function openBinaryFile(path: string): BinaryFile {
  let descriptor: number;
  try {
    // Opening a FIFO without a writer would block; O_NONBLOCK has no effect on a regular file. Windows has neither.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw hostError('read', path, error);
  }
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) {
    closeSync(descriptor);
    throw new HostError(`cannot read ${path}: it is ${stats.isDirectory() ? 'a folder' : 'not a regular file'}`);
  }
  return new NodeBinaryFile(path, descriptor, stats.size);
}

class NodeBinaryFile implements BinaryFile {
  readonly size: number;
  readonly place: string;
  readonly #path: string;
  #descriptor: number | undefined;

  constructor(path: string, descriptor: number, size: number) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.size = size;
    this.place = resolve(path);
  }

  read(offset: number, length: number): Uint8Array {
    if (this.#descriptor === undefined) throw new HostError(`cannot read ${this.#path}: it is closed`);
    // The size was checked when the file was opened: no memory is allocated for data that cannot exist.
    if (offset + length > this.size) throw new HostError(`cannot read ${this.#path}: it ends at byte ${this.size}`);
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      let count: number;
      try {
        count = readSync(this.#descriptor, bytes, done, Math.min(length - done, 2 ** 30), offset + done);
      } catch (error) {
        throw hostError('read', this.#path, error);
      }
      if (count === 0) throw new HostError(`cannot read ${this.#path}: it became shorter while it was being read`);
      done += count;
    }
    return bytes;
  }

  close(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
