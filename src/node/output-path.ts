/// <reference types="node" />
import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { HostError } from '../host.js';
import { accessToReplace } from './access.js';
import { hostError } from './host-error.js';
import { makeFolder } from './make-folder.js';

/**
 * The path that is replaced when the user asks for a file at `path`: the target of a symbolic link, while the link itself stays. Its folder is
 * made, unless it exists. Refuses anything but a regular file (a folder, a device, a FIFO), a read-only file, and a link to nowhere. Throws
 * `HostError`.
 */
export function outputPath(path: string): string {
  let isLink: boolean;
  try {
    isLink = lstatSync(path).isSymbolicLink();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return join(realFolder(path), basename(path));
    throw hostError('write', path, error);
  }
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) throw new HostError(`cannot write ${path}: it is a folder`);
    if (!stats.isFile()) throw new HostError(`cannot write ${path}: it is not a regular file`);
    accessToReplace(path);
    return isLink ? realpathSync(path) : join(realFolder(path), basename(path));
  } catch (error) {
    throw hostError('write', path, error);
  }
}

/** Throws `HostError` if the output at `path` would replace one of the files that the build reads. */
export function refuseToReplace(path: string, inputs: Iterable<string>): void {
  const destination = outputPath(path);
  for (const input of inputs) {
    if (realPath(input) === destination) throw new HostError(`cannot write ${path}: the build reads this file`);
  }
}

/** Undefined for anything but a file: standard input, a file of the standard library. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The folder of a file, which is made unless it exists. */
function realFolder(path: string): string {
  try {
    if (!existsSync(dirname(path))) makeFolder(dirname(path));
    return realpathSync(dirname(path));
  } catch (error) {
    throw hostError('write', path, error);
  }
}
