/// <reference types="node" />
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { HostError } from '../host.js';
import { hostError } from './host-error.js';

/** Makes a folder, with those above it, unless it is there. Throws `HostError`. (`recursive` of Node goes on for ever below /proc.) */
export function makeFolder(path: string): void {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return;
    if (found !== undefined) throw new HostError(`cannot write ${path}: it is no folder`);
    if (dirname(path) !== path) makeFolder(dirname(path));
    mkdirSync(path);
  } catch (error) {
    throw hostError('write', path, error);
  }
}
