import { type BinaryFile, type BinaryHost, type Host, HostError } from './host.js';

/** Files that exist only in memory, by their paths: for browsers, editors and tests. Later changes of `files` have no effect. Paths use `/`. */
export function createMemoryHost(files: Readonly<Record<string, string | Uint8Array>>): Host & BinaryHost {
  const contents = new Map(Object.entries(files).map(([path, content]) => [normalize(path), content]));
  return {
    read(path) {
      const content = contents.get(normalize(path));
      if (content instanceof Uint8Array) throw new HostError(`cannot read ${path}: it is not text`);
      return content;
    },
    resolve: (source, from) => normalize(source.startsWith('/') ? source : `${from.slice(0, from.lastIndexOf('/') + 1)}${source}`),
    openBinary(path) {
      const content = contents.get(normalize(path));
      if (!(content instanceof Uint8Array)) throw new HostError(`cannot read ${path}: there is no such file`);
      return memoryFile(content, path);
    },
  };
}

/** A file in memory; reads return views, not copies. */
export function memoryFile(bytes: Uint8Array, path: string): BinaryFile {
  return {
    size: bytes.length,
    read(offset, length) {
      if (offset + length > bytes.length) throw new HostError(`cannot read ${path}: it ends at byte ${bytes.length}`);
      return bytes.subarray(offset, offset + length);
    },
    close() {},
  };
}

/** `a/./b/../c` -> `a/c`; a path that goes above the top keeps its `..`. */
function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '.' || (part === '' && parts.length > 0)) continue;
    const last = parts.at(-1);
    if (part === '..' && last !== undefined && last !== '..' && last !== '') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
