/// <reference types="node" />
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type BinaryFile, type BinaryHost, type Host, HostError } from '../host.js';
import { openBinaryFile } from './binary-file.js';
import { utf8Text } from './utf8-text.js';

/** Larger text files are not even read; the compiler's own limit for a source file is far below. */
const largestText = 256 * 1024 * 1024;

/**
 * The file system, as the compiler sees it. Relative paths start at `root`, by default the current folder, and stay relative in messages.
 * Imported paths are relative to the importing file. A name that ends in `.arch` must lead, through all links, to a file whose name also
 * does: what is read is quoted in messages, and other files are private.
 */
export function createNodeHost(root?: string): Host & BinaryHost {
  const locate = (path: string) => (root === undefined || isAbsolute(path) ? path : resolve(root, path));
  return {
    read: (path) => readText(locate(path), path),
    resolve: (source, from) => (isAbsolute(source) ? source : join(dirname(from), source)).replaceAll('\\', '/'),
    openBinary: (path) => openBinaryFile(locate(path)),
  };
}

function readText(place: string, path: string): string | undefined {
  const file = openIfThere(place);
  if (file === undefined) return undefined;
  try {
    if (place.endsWith('.arch') && !realpathSync(place).endsWith('.arch'))
      throw new HostError(`cannot read ${path}: it is a link to a file whose name does not end in .arch`);
    if (file.size > largestText) throw new HostError(`cannot read ${path}: its ${file.size} bytes are not source text`);
    return utf8Text(file.read(0, file.size), path);
  } finally {
    file.close();
  }
}

/** Undefined only if nothing is there: a file that may not be read, or a link that leads nowhere or to itself, is an error. */
function openIfThere(place: string): BinaryFile | undefined {
  try {
    return openBinaryFile(place);
  } catch (error) {
    if (error instanceof HostError && isMissing(error.cause)) return undefined;
    throw error;
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}
