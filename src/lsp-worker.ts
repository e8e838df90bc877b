/// <reference types="node" />
/** A language server in a web worker. Its files are those that the client opens or provides. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { type Environment, serve } from './lsp/server.js';
import { plainUris } from './lsp/uris.js';
import { version } from './version.js';

const scope = globalThis as never;
serve(createConnection(new BrowserMessageReader(scope), new BrowserMessageWriter(scope)), environment());

function environment(): Environment {
  /** The texts of the files that the client has provided, by their paths. */
  const texts = new Map<string, string>();
  return {
    uris: plainUris,
    host: () => ({
      read: (path) => texts.get(path),
      // An import is relative to the URI of its document.
      resolve: (source, from) => (URL.canParse(source, from) ? plainUris.pathOf(new URL(source, from).href) : source),
      list: () => [...texts.keys()].filter((path) => path.endsWith('.arch')),
    }),
    provide: ({ uri, text }) => {
      if (text === undefined) texts.delete(plainUris.pathOf(uri));
      else texts.set(plainUris.pathOf(uri), text);
    },
    pageOf: (page) => `https://unpkg.com/archc@${version}/docs/${page}`,
    later: (work) => setTimeout(work, 0),
  };
}
