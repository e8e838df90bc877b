/// <reference types="node" />
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createConnection, ProposedFeatures, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { HostError } from '../host.js';
import type { WorkspaceHost } from '../ide/workspace.js';
import { sourcesIn } from '../node/find-sources.js';
import { createNodeHost } from '../node/node-host.js';
import { isStandardFile } from '../standard-file.js';
import { type Environment, serve } from './server.js';
import type { Uris } from './uris.js';

/** The folders of the package that contain the standard library and the documentation, if they are there. */
export interface PackageFolders {
  readonly standardLibrary: string;
  readonly docs: string;
}

/** Serves a client on standard input and output until it disconnects. */
export function serveStdio(folders: PackageFolders): void {
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(process.stdin),
    new StreamMessageWriter(process.stdout),
  );
  serve(connection, environment(folders));
}

function environment({ standardLibrary, docs }: PackageFolders): Environment {
  return {
    uris: fileUris(standardLibrary),
    host: diskHost,
    pageOf: (page) => pathToFileURL(join(docs, page)).href,
    later: (work) => setImmediate(work),
  };
}

/** Paths are those of the file system. Documents that are not in it are called by their URIs. */
function fileUris(standardLibrary: string): Uris {
  return {
    pathOf: (uri) => {
      if (!uri.startsWith('file:')) return uri;
      try {
        return fileURLToPath(uri);
      } catch {
        return uri;
      }
    },
    uriOf: (path) => {
      if (isStandardFile(path)) return pathToFileURL(join(standardLibrary, `${path.slice('std/'.length)}.arch`)).href;
      return /^[a-z][a-z0-9+.-]+:/i.test(path) && !/^[a-z]:[\\/]/i.test(path) ? path : pathToFileURL(path).href;
    },
  };
}

function diskHost(folders: () => readonly string[]): WorkspaceHost {
  const disk = createNodeHost();
  let known: readonly string[] | undefined;
  return {
    read: (path) => disk.read(path),
    resolve: (source, from) => disk.resolve(source, from),
    openBinary: (path) => disk.openBinary(path),
    list: () => {
      known ??= folders().flatMap(sourcesBelow);
      return known;
    },
    refresh: () => {
      known = undefined;
    },
  };
}

/** The source files of a folder; none if it cannot be read. */
function sourcesBelow(folder: string): readonly string[] {
  try {
    return sourcesIn(folder).files.map((file) => join(folder, file));
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}
