import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** What a file was when it was read. */
export interface FileMark {
  /** The path, relative to the root of the project. */
  readonly path: string;
  readonly size: number;
  readonly time: number;
  readonly hash: string;
}

const blockBytes = 1024 * 1024;

/** The SHA-256 of a file of any size, in hexadecimal. Throws the error of the file system. */
export function hashOfFile(path: string): string {
  const hash = createHash('sha256');
  const block = Buffer.allocUnsafe(blockBytes);
  const descriptor = openSync(path, 'r');
  try {
    for (;;) {
      const length = readSync(descriptor, block, 0, blockBytes, null);
      if (length === 0) return hash.digest('hex');
      hash.update(block.subarray(0, length));
    }
  } finally {
    closeSync(descriptor);
  }
}

export function hashOfText(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The mark of a file; undefined if it cannot be read. `path` is what the mark calls it. */
export function markOf(place: string, path: string): FileMark | undefined {
  try {
    const before = statSync(place);
    const hash = hashOfFile(place);
    return { path, size: before.size, time: before.mtimeMs, hash };
  } catch {
    return undefined;
  }
}

/** Whether a file is what it was. Its content is read unless its size and time say enough. Small files are always read: a change within the resolution of the time would be missed. */
export function isUnchanged(place: string, { size, time, hash }: FileMark): boolean {
  try {
    const now = statSync(place);
    if (now.size !== size) return false;
    if (now.mtimeMs === time && size > blockBytes) return true;
    return hashOfFile(place) === hash;
  } catch {
    return false;
  }
}
