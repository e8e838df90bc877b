/// <reference types="node" />
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type BinaryHost, type Host, HostError } from '../host.js';
import { openBinaryFile } from './binary-file.js';

/** Larger text files are not even read; the compiler's own limit for a source file is far below. */
const largestText = 256 * 1024 * 1024;

/**
 * The file system, as the compiler sees it. Relative paths start at `root`, by default the current folder, and stay relative
 * in messages. Imported paths are relative to the importing file.
 */
export function createNodeHost(root?: string): Host & BinaryHost {
  const locate = (path: string) => (root === undefined || isAbsolute(path) ? path : resolve(root, path));
  return {
    read(path) {
      const place = locate(path);
      return existsSync(place) ? readText(place, path) : undefined;
    },
    resolve: (source, from) => (isAbsolute(source) ? source : join(dirname(from), source)).replaceAll('\\', '/'),
    openBinary: (path) => openBinaryFile(locate(path)),
  };
}

function readText(place: string, path: string): string {
  const file = openBinaryFile(place);
  try {
    if (file.size > largestText) throw new HostError(`cannot read ${path}: its ${file.size} bytes are no source text`);
    return new TextDecoder('utf-8', { fatal: true }).decode(file.read(0, file.size));
  } catch (error) {
    if (error instanceof TypeError) throw new HostError(`cannot read ${path}: it is not UTF-8 text`);
    throw error;
  } finally {
    file.close();
  }
}
