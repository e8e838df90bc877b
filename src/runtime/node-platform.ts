/// <reference types="node" />
import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OrtModule } from '../api/runtime.js';
import { HostError } from '../host.js';
import { hostError } from '../node/host-error.js';
import { makeFolder } from '../node/make-folder.js';
import { writeAtomically } from '../node/write-atomically.js';
import type { Platform, ReadOptions } from './platform.js';
import { readResponse, requestOf } from './read-response.js';
import { importOrt } from './session/import-ort.js';
import { ortOf } from './session/ort.js';
import { reasonOf, SessionError } from './session/session-error.js';

/** Node: files of the file system, and onnxruntime-node. */
export const nodePlatform: Platform = {
  kind: 'node',
  loadOrt: async (url) => {
    try {
      return ortOf(url === undefined ? await importOrt() : ((await import(url)) as OrtModule));
    } catch (error) {
      throw new SessionError({ kind: 'missing-runtime', package: url ?? 'onnxruntime-node', reason: reasonOf(error) }, { cause: error });
    }
  },
  providers: async () => ['cpu'],
  memory: () => {
    // In a container, less than the machine has; otherwise 0, or a number that means nothing.
    const most = process.constrainedMemory();
    return { where: 'this machine', bytes: most > 0 ? Math.min(most, totalmem()) : totalmem(), tensorBytes: undefined };
  },
  read: async (place, options = {}) => {
    if (isRemote(place)) return download(place, options);
    try {
      const bytes = await readFile(pathOf(place));
      options.onProgress?.(bytes.length, bytes.length);
      return bytes;
    } catch (error) {
      throw hostError('read', place, error);
    }
  },
  write: async (place, chunks) => {
    if (isRemote(place)) throw new HostError(`cannot write ${place}: it is not a file`);
    writeAtomically(pathOf(place), chunks);
  },
  makeFolder: async (place) => {
    if (isRemote(place)) throw new HostError(`cannot write ${place}: it is not a folder`);
    makeFolder(pathOf(place));
  },
  join: (folder, name) => (isRemote(folder) ? `${folder.replace(/\/$/, '')}/${name}` : join(pathOf(folder), name)),
  pathOf: (place) => (isRemote(place) ? undefined : pathOf(place)),
  absolute: (place) => place,
};

function isRemote(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

function pathOf(place: string): string {
  return place.startsWith('file:') ? fileURLToPath(place) : place;
}

async function download(place: string, options: ReadOptions): Promise<Uint8Array> {
  try {
    return await readResponse(await fetch(place, requestOf(options)), options);
  } catch (error) {
    if (options.signal?.aborted === true) throw options.signal.reason;
    throw hostError('read', place, error);
  }
}
