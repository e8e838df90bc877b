/// <reference types="node" />
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { HostError } from '../host.js';
import { hostError } from './host-error.js';

/** Makes a folder, with its parents, unless it exists. Throws `HostError`. (Node's `recursive` never ends below /proc.) */
export function makeFolder(path: string): void {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return;
    if (found !== undefined) throw new HostError(`cannot write ${path}: it is not a folder`);
    if (dirname(path) !== path) makeFolder(dirname(path));
    mkdirSync(path);
  } catch (error) {
    throw hostError('write', path, error);
  }
}
