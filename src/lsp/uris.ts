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

/** Without a file system, the path of a document is its URI. */
export const plainUris: Uris = {
  pathOf: (uri) => (uri.startsWith(`${standardScheme}:/`) ? uri.slice(standardScheme.length + 2).replace(/\.arch$/, '') : uri),
  uriOf: (path) => (isStandardFile(path) ? `${standardScheme}:/${path}.arch` : path),
};
