import type { LoadProgress } from '../api/model-options.js';
import type { BinarySource, BinaryTarget, BlobLike, FileHandleLike, ModelFiles, Place, Provider, Signal } from '../api/runtime.js';
import { HostError } from '../host.js';
import type { Ort } from './session/ort.js';
import type { Room } from './session/room.js';

/** How a file is read. */
export interface ReadOptions {
  /** Ends the reading with its reason. */
  readonly signal?: Signal | undefined;
  readonly onProgress?: ((loaded: number, total: number | undefined) => void) | undefined;
  /** Whether a file whose name has the hash of its contents may be kept for the next time. */
  readonly cache?: boolean | undefined;
}

/** How the files of a model are read. */
export interface LoadOptions extends Omit<ReadOptions, 'onProgress'> {
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** What Node and browsers do differently. */
export interface Platform {
  readonly kind: 'node' | 'browser';
  /** Imports ONNX Runtime for a provider, from `url` if one is given. Throws `SessionError` if that fails. */
  loadOrt(url: string | undefined, provider: Provider): Promise<Ort>;
  /** Where to run, in the order in which it is tried, if the program does not say. */
  providers(): Promise<readonly Provider[]>;
  /** The memory for what runs on the processor. */
  memory(): Room;
  /** Throws `HostError`, and the reason of a signal. */
  read(place: string, options?: ReadOptions): Promise<Uint8Array>;
  /** Writes a file so that it is either unchanged or complete. Throws `HostError`. */
  write(place: string, chunks: readonly Uint8Array[]): Promise<void>;
  /** Makes a folder, unless it exists. Throws `HostError`. */
  makeFolder(place: string): Promise<void>;
  /** The place of a file in a folder. */
  join(folder: string, name: string): string;
  /** The path under which ONNX Runtime itself can read the file, if it can. */
  pathOf(place: string): string | undefined;
  /** The place as it means the same in a worker. */
  absolute(place: string): string;
}

/** The files of a training or a model. */
export interface FileSet {
  read(name: string): Promise<Uint8Array>;
  /** The path under which ONNX Runtime itself can read the file, if it can. */
  pathOf(name: string): string | undefined;
}

/** The files that a program names. Throws `HostError` if one is missing or outside its folder. */
export function fileSetOf(platform: Platform, files: ModelFiles, options: LoadOptions = {}): FileSet {
  const { signal, cache, onProgress } = options;
  const how = (file: string): ReadOptions => ({
    signal,
    cache,
    onProgress: onProgress && ((loaded, total) => onProgress({ file, loaded, total })),
  });
  if (typeof files === 'function') return { read: async (name) => files(name), pathOf: () => undefined };
  if (isPlace(files)) {
    const placeOf = (name: string) => platform.join(textOf(files), inside(name));
    return { read: async (name) => platform.read(placeOf(name), how(name)), pathOf: (name) => platform.pathOf(placeOf(name)) };
  }
  if (typeof files !== 'object' || files === null || ArrayBuffer.isView(files))
    throw new HostError('the files are not given: give their folder, the files by name, or a function that reads one');
  const contents = files instanceof Map ? files : new Map(Object.entries(files));
  const find = (name: string): Uint8Array | Place => {
    const found: Uint8Array | Place | undefined = contents.get(name);
    if (found === undefined) throw new HostError(`the file ${name} is missing; there are ${[...contents.keys()].join(', ')}`);
    return found;
  };
  return {
    read: async (name) => readBinary(platform, find(name), how(name)),
    pathOf: (name) => {
      const found = find(name);
      const path = isPlace(found) ? platform.pathOf(textOf(found)) : undefined;
      return path !== undefined && hasDataBeside(platform, path, contents) ? path : undefined;
    },
  };
}

/** Whether ONNX Runtime finds the data files of a model where the model file says: beside it, under their own names. A bundler may give them others. */
function hasDataBeside(platform: Platform, path: string, contents: ReadonlyMap<string, Uint8Array | Place>): boolean {
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return [...contents].every(([name, source]) => {
    if (!name.endsWith('.data')) return true;
    return isPlace(source) && platform.pathOf(textOf(source)) === folder + name;
  });
}

/** The name, which must not lead outside the folder that it is in. */
function inside(name: string): string {
  if (/^(?:[\\/]|[a-z]+:)|(?:^|[\\/])\.\.(?:[\\/]|$)/i.test(name)) throw new HostError(`the file ${name} is outside the given folder`);
  return name;
}

/** All bytes of a file, blob or array. Throws `HostError` if it cannot be read. */
export async function readBinary(platform: Platform, source: BinarySource, options: ReadOptions = {}): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (isPlace(source)) return platform.read(textOf(source), options);
  try {
    const blob: BlobLike = 'getFile' in source ? await source.getFile() : source;
    return new Uint8Array(await blob.arrayBuffer());
  } catch (error) {
    throw new HostError(`cannot read ${shownName(source)}: ${messageOf(error)}`, { cause: error });
  }
}

/** Writes a file so that it is either unchanged or complete. Throws `HostError`. */
export async function writeBinary(platform: Platform, target: BinaryTarget, chunks: readonly Uint8Array[]): Promise<void> {
  if (isPlace(target)) {
    await platform.write(textOf(target), chunks);
    return;
  }
  try {
    // A browser writes into a copy, which replaces the file when it is closed.
    const writable = await target.createWritable();
    try {
      for (const chunk of chunks) await writable.write(chunk);
    } catch (error) {
      await writable.abort(error).catch(() => {});
      throw error;
    }
    await writable.close();
  } catch (error) {
    throw new HostError(`cannot write ${shownName(target)}: ${messageOf(error)}`, { cause: error });
  }
}

/** Whether a value is one of what `readBinary` reads. */
export function isBinarySource(value: unknown): value is BinarySource {
  if (isPlace(value) || value instanceof Uint8Array || value instanceof ArrayBuffer) return true;
  return typeof value === 'object' && value !== null && ('arrayBuffer' in value || 'getFile' in value);
}

export function isPlace(value: unknown): value is Place {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && 'href' in value && typeof value.href === 'string');
}

export function textOf(place: Place): string {
  return typeof place === 'string' ? place : place.href;
}

/** What a message calls a source or target. */
export function shownName(source: BinarySource): string {
  if (isPlace(source)) return textOf(source);
  const { name } = source as { readonly name?: unknown } & (BlobLike | FileHandleLike);
  return typeof name === 'string' && name !== '' ? name : 'the given bytes';
}

/** The browser's message for a full disk has no words in it that help. */
function messageOf(error: unknown): string {
  if (error instanceof Error && error.name === 'QuotaExceededError') return 'this site has used up its storage';
  return error instanceof Error ? error.message : String(error);
}
