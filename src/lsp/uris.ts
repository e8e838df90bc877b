import { isStandardFile } from '../standard-file.js';

/** How the URIs of a client and the paths of the compiler correspond. */
export interface Uris {
  /** The path of a document. */
  pathOf(uri: string): string;
  /** The URI under which a client can open a file, also one of the standard library. */
  uriOf(path: string): string;
}

/** The scheme of documents of the standard library where it is not in the file system. */
export const standardScheme = 'archc-std';

/** Without a file system, the path of a document is its URI, in which characters are encoded as little as in the URI of an import. */
export const plainUris: Uris = {
  pathOf: (uri) =>
    uri.startsWith(`${standardScheme}:/`)
      ? uri.slice(standardScheme.length + 2).replace(/\.arch$/, '')
      : uri.replaceAll(/%(?:2[1467-9A-C]|3[ABD]|40|5[BD])/gi, decodeURIComponent),
  uriOf: (path) => (isStandardFile(path) ? `${standardScheme}:/${path}.arch` : path),
};
