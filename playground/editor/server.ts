import { formatKeymap, LSPClient, renameKeymap, serverDiagnostics } from '@codemirror/lsp-client';
import { keymap } from '@codemirror/view';
import workerUrl from 'archc/lsp-worker?url';

/** The document of the editor. */
export const uri = 'memory:///model.arch';

/** Milliseconds after which a request is given up: the first ones wait until the server is loaded. */
const patience = 30_000;

/** A client of the language server, which runs in a worker. */
export function startServer(): LSPClient {
  const worker = new Worker(workerUrl);
  const handlers = new Set<(message: string) => void>();
  worker.addEventListener('message', ({ data }) => {
    const message = JSON.stringify(data);
    for (const handler of handlers) handler(message);
  });
  const client = new LSPClient({
    rootUri: 'memory:///',
    timeout: patience,
    initializationOptions: { inlayHints: { shapes: true, sizes: false, argumentNames: false } },
    extensions: [serverDiagnostics(), keymap.of([...formatKeymap, ...renameKeymap])],
  });
  return client.connect({
    send: (message) => worker.postMessage(JSON.parse(message)),
    subscribe: (handler) => {
      handlers.add(handler);
    },
    unsubscribe: (handler) => {
      handlers.delete(handler);
    },
  });
}

/** Asks the server about the present text. */
export async function ask<Result>(client: LSPClient, method: string, params: Readonly<Record<string, unknown>>): Promise<Result | null> {
  await client.initializing;
  client.sync();
  try {
    return await client.request<unknown, Result | null>(method, { textDocument: { uri }, ...params });
  } catch {
    // The text has changed meanwhile, or the server is not ready: the caller will ask again.
    return null;
  }
}
