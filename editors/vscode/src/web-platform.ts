import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import type { Platform } from './platform.js';
import { onFileChange, providedFile, workspaceFiles } from './workspace-files.js';

// What is used of the worker's globals, which differ from those of Node.
declare const Worker: new (url: string) => ConstructorParameters<typeof LanguageClient>[2];
declare const Blob: new (parts: readonly Uint8Array[], options: { readonly type: string }) => object;
declare const URL: { readonly createObjectURL: (blob: object) => string };

/** The language server in a web worker. A browser cannot start the processes that the other commands need. */
export function webPlatform(context: vscode.ExtensionContext): Platform {
  let client: LanguageClient | undefined;
  const following = onFileChange(async (uri) => {
    const file = await providedFile(uri);
    if (client?.isRunning() === true) await client.sendNotification('archc/files', { files: [file] });
  });
  context.subscriptions.push(following);
  return {
    createClient: async (options) => {
      // A worker cannot be started from the address of an extension on another host, but from a blob.
      const file = vscode.Uri.joinPath(context.extensionUri, 'server', 'dist', 'lsp-worker.js');
      const script = await vscode.workspace.fs.readFile(file);
      const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
      // A worker cannot read files.
      const initializationOptions = { ...options.initializationOptions, files: await workspaceFiles() };
      client = new LanguageClient('archc', 'archc', worker, { ...options, initializationOptions });
      return client;
    },
    runArchc: undefined,
  };
}
