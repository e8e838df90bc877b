/// <reference types="node" />
import { fdatasync } from 'node:fs';
import { promisify } from 'node:util';

const datasync = promisify(fdatasync);

/** After so many new bytes the disk is set to work on them, while the next ones are written. */
const flushBytes = 128 * 1024 * 1024;

/** Brings a file to the disk bit by bit while it is written, so that there is little to wait for in the end. */
export class Flusher {
  readonly #descriptor: number;
  #unflushed = 0;
  /** The one that is under way; a failure of it must not get lost, because the system tells of it only once. */
  #flush: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  wrote(bytes: number): void {
    this.#unflushed += bytes;
    if (this.#unflushed < flushBytes || this.#flush !== undefined) return;
    this.#unflushed = 0;
    this.#flush = datasync(this.#descriptor)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#flush = undefined;
      });
  }

  /** Waits for what is under way; throws what failed. */
  async rest(): Promise<void> {
    await this.#flush;
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
