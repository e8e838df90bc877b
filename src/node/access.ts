/// <reference types="node" />
import { accessSync, constants, fchmodSync, fchownSync, fstatSync, statSync } from 'node:fs';
import { HostError } from '../host.js';
import { hostError } from './host-error.js';

/** Who owns a file, and who may read and write it. */
export interface Access {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** The access to a file that is about to be replaced; undefined if it does not exist yet. Throws `HostError` for a file that this user may not write to. */
export function accessToReplace(path: string): Access | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  // The superuser may write to any file; one that nobody may write to was protected on purpose.
  if ((stats.mode & 0o222) === 0) throw new HostError(`cannot write ${path}: the file is read-only`);
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw hostError('write', path, error);
  }
  return { mode: stats.mode & 0o777, uid: stats.uid, gid: stats.gid };
}

/** Gives a new file the access of the one that it replaces. If the group cannot be kept, another group gets no more access than everybody has. */
export function giveAccess(descriptor: number, { mode, uid, gid }: Access): void {
  if (process.platform === 'win32') return;
  const own = fstatSync(descriptor);
  if (own.uid !== uid) tryToGive(descriptor, uid, -1);
  if (own.gid !== gid) tryToGive(descriptor, -1, gid);
  const isSameGroup = fstatSync(descriptor).gid === gid;
  fchmodSync(descriptor, isSameGroup ? mode : (mode & 0o707) | (mode & ((mode & 0o007) << 3)));
}

function tryToGive(descriptor: number, uid: number, gid: number): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch {
    // Only the superuser may give files away.
  }
}
