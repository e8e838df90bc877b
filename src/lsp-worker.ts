/// <reference types="node" />
/** A language server in a web worker. Its documents are those that the client opens. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import type { WorkspaceHost } from './ide/workspace.js';
import { serve } from './lsp/server.js';
import { plainUris } from './lsp/uris.js';
import { version } from './version.js';

/** Nothing is there but what is open; an import is relative to the URI of its document. */
const nothing: WorkspaceHost = {
  read: () => undefined,
  resolve: (source, from) => (URL.canParse(source, from) ? new URL(source, from).href : source),
  list: () => [],
};

const scope = globalThis as never;
serve(createConnection(new BrowserMessageReader(scope), new BrowserMessageWriter(scope)), {
  uris: plainUris,
  host: () => nothing,
  pageOf: (page) => `https://unpkg.com/archc@${version}/docs/${page}`,
  later: (work) => setTimeout(work, 0),
});
