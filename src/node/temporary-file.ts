/// <reference types="node" />
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Access, giveAccess } from './access.js';
import { hostError } from './host-error.js';

/** `.model.onnx.4711-9f86d081.tmp`: hidden, with the id of the process that writes it. */
const pattern = /^\.(.+)\.(\d+)-[0-9a-f]{8}\.tmp$/;

/** A temporary file that has not been touched for this long, and whose process is gone, was left by a crash: another machine may write into the same folder. Milliseconds. */
const staleAfter = 60 * 1000;

/**
 * A file that is written next to its destination and replaces it in one step, so that a reader finds either the old content or the new one,
 * whatever happens in between. Removed on failure, on exit and on SIGINT, SIGTERM and SIGHUP.
 */
export class TemporaryFile {
  readonly descriptor: number;
  readonly #path: string;
  /** Its name in messages. */
  readonly #shown: string;
  #isOpen = true;
  #isCommitted = false;
  readonly #onExit = () => this.discard();
  readonly #onSignal = (signal: NodeJS.Signals) => {
    this.discard();
    // Without this listener, the signal has its usual effect again.
    process.kill(process.pid, signal);
  };

  /**
   * `destination` is its final path; a name still to be chosen in the same folder is also possible. `access` says who may read and write
   * it, like the file that it replaces; by default it is a new file like any other.
   */
  constructor(destination: string, access: Access | undefined, shown = destination) {
    const folder = dirname(destination);
    const name = shortened(basename(destination));
    this.#path = join(folder, `.${name}.${process.pid}-${randomName()}.tmp`);
    this.#shown = shown;
    removeStale(destination);
    // Before the file exists: a signal in between would leave it behind.
    process.on('exit', this.#onExit);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, this.#onSignal);
    try {
      // Nobody may read restricted content before its access is set.
      this.descriptor = openSync(this.#path, 'wx', access === undefined ? 0o666 : 0o600);
    } catch (error) {
      this.#forget();
      throw hostError('write', shown, error);
    }
    if (access === undefined) return;
    try {
      giveAccess(this.descriptor, access);
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** Appends. Discards the file and throws `HostError` if that fails. */
  write(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at, Math.min(bytes.length - at, 2 ** 30));
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** Flushes the content to the disk: it is complete. */
  complete(): void {
    if (!this.#isOpen) return;
    try {
      fsyncSync(this.descriptor);
      closeSync(this.descriptor);
      this.#isOpen = false;
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** Moves the complete content to its place in one step; `destination` is in the same folder. */
  commit(destination: string): void {
    this.complete();
    try {
      renameSync(this.#path, destination);
    } catch (error) {
      throw this.failure(error);
    }
    this.#isCommitted = true;
    this.#forget();
    syncFolder(dirname(destination));
  }

  /** Removes the file if it has not been committed. */
  discard(): void {
    this.#forget();
    if (this.#isOpen) closeSync(this.descriptor);
    this.#isOpen = false;
    if (!this.#isCommitted) rmSync(this.#path, { force: true });
  }

  /** Discards the file and returns the error to throw. */
  failure(error: unknown): Error {
    this.discard();
    return hostError('write', this.#shown, error);
  }

  #forget(): void {
    process.off('exit', this.#onExit);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, this.#onSignal);
  }
}

/** Eight hexadecimal digits, so that two files of one process differ. An existing file is never overwritten in any case. */
export function randomName(): string {
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}

/** File systems allow names of 255 bytes, and the temporary name is longer than the final one. A UTF-16 unit takes up to 3 bytes. */
export function shortened(name: string): string {
  return name.length <= 64 ? name : name.slice(0, 64);
}

/** Makes the rename itself durable. Windows cannot do this, and does not need to. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  try {
    const descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch {
    // Some network file systems refuse to sync a folder. The file is complete in any case.
  }
}

/** Removes what killed processes have left for the same destination. */
export function removeStale(destination: string): void {
  const [folder, name] = [dirname(destination), shortened(basename(destination))];
  let entries: readonly string[];
  try {
    entries = readdirSync(folder);
  } catch {
    // A folder may allow writing but not listing.
    return;
  }
  for (const entry of entries) {
    const [, owner, pid] = pattern.exec(entry) ?? [];
    if (owner !== name || isAlive(Number(pid))) continue;
    const path = join(folder, entry);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > staleAfter) rmSync(path, { force: true });
  }
}

/** Whether a process on this machine exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
