import type { ModelFiles, Place, RuntimeOptions } from '../../api/runtime.js';
import { isPlace, type Platform, textOf } from '../platform.js';

type GivenFiles = Exclude<ModelFiles, (name: string) => unknown>;

/** Throws `TypeError` for files that cannot be given to a worker. */
export function demandPortable<T>(files: T): asserts files is Exclude<T, (name: string) => unknown> {
  if (typeof files === 'function')
    throw new TypeError('a function that reads files cannot be given to a worker: give their folder or their contents');
}

/** A place in a form that means the same in the worker, whose relative addresses start elsewhere. Other values are returned unchanged. */
export function portable<T>(platform: Platform, source: T): T | string {
  return isPlace(source) ? platform.absolute(textOf(source)) : source;
}

/** The same for each of several files. */
export function portableFiles(platform: Platform, files: GivenFiles): ModelFiles {
  if (isPlace(files)) return portable(platform, files);
  const entries = files instanceof Map ? [...files] : Object.entries(files);
  return new Map(entries.map(([name, file]: [string, Uint8Array | Place]) => [name, portable(platform, file)]));
}

/** The options with places that mean the same in a worker. Throws `TypeError` for a module of ONNX Runtime. */
export function portableOptions<T extends RuntimeOptions & { readonly weights?: unknown }>(platform: Platform, options: T): T {
  const { weights, ort, wasmPaths } = options;
  if (typeof ort === 'object') throw new TypeError('a module cannot be given to a worker: give the URL of ONNX Runtime as `ort`');
  return {
    ...options,
    ...(weights === undefined ? {} : { weights: portable(platform, weights) }),
    ...(ort === undefined ? {} : { ort: platform.absolute(ort) }),
    ...(wasmPaths === undefined ? {} : { wasmPaths: platform.absolute(wasmPaths) }),
  };
}
