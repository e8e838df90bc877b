/// <reference types="node" />
import { fdatasync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const datasync = promisify(fdatasync);

/** Milliseconds between one flush and the next: the disk collects enough to write in long runs. */
const pause = 50;

/** Flushes a file to the disk bit by bit while it is written, so that there is little to wait for at the end. */
export class Flusher {
  readonly #stop = new AbortController();
  readonly #flushing: Promise<void>;
  /** The system reports a failed flush only once: the error must not get lost. */
  #failure: { readonly error: unknown } | undefined;

  constructor(descriptor: number) {
    this.#flushing = this.#flush(descriptor);
  }

  /** Stops, and waits for the flush in progress; throws its error, if any. */
  async rest(): Promise<void> {
    this.#stop.abort();
    await this.#flushing;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #flush(descriptor: number): Promise<void> {
    const { signal } = this.#stop;
    try {
      for (;;) {
        await setTimeout(pause, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        await datasync(descriptor);
      }
    } catch (error) {
      this.#failure = { error };
    }
  }
}
