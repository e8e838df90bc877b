import { PassThrough } from 'node:stream';
import type { ClientCapabilities, Diagnostic, InitializeResult, Position, PublishDiagnosticsParams } from 'vscode-languageserver';
import {
  createConnection,
  createProtocolConnection,
  ProposedFeatures,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { WorkspaceHost } from '../../src/ide/workspace.js';
import { serve } from '../../src/lsp/server.js';
import { plainUris } from '../../src/lsp/uris.js';
import { createMemoryHost } from '../../src/memory-host.js';

/** A client of the server, as an editor is one. The documents are in memory, with URIs such as `memory:/main.arch`. */
export class LspClient {
  readonly connection: ProtocolConnection;
  readonly result: InitializeResult;
  readonly #texts = new Map<string, { version: number; text: string }>();
  readonly #published = new Map<string, PublishDiagnosticsParams>();
  readonly #waiting = new Set<() => void>();

  private constructor(connection: ProtocolConnection, result: InitializeResult) {
    this.connection = connection;
    this.result = result;
  }

  /** Starts a server in this process, and a client with these capabilities. `files` exist, but are not open; with `initializationOptions`, the client can provide others. */
  static async start(
    files: Readonly<Record<string, string>> = {},
    capabilities: ClientCapabilities = { textDocument: { publishDiagnostics: {} } },
    initializationOptions?: object,
  ): Promise<LspClient> {
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    const provided = new Map<string, string>();
    const memory = createMemoryHost(files);
    const host: WorkspaceHost = {
      ...memory,
      read: (path) => provided.get(path) ?? memory.read(path),
      list: () => [...Object.keys(files), ...provided.keys()],
    };
    serve(createConnection(ProposedFeatures.all, new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), {
      uris: plainUris,
      host: () => host,
      provide: ({ uri, text }) => {
        if (text === undefined) provided.delete(uri);
        else provided.set(uri, text);
      },
      pageOf: (page) => `https://example.org/${page}`,
      later: (work) => setImmediate(work),
    });
    const connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    connection.listen();
    const result: InitializeResult = await connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      capabilities,
      initializationOptions,
    });
    await connection.sendNotification('initialized', {});
    const client = new LspClient(connection, result);
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      client.#published.set(params.uri, params);
      for (const wake of client.#waiting) wake();
    });
    return client;
  }

  async open(uri: string, text: string): Promise<void> {
    this.#texts.set(uri, { version: 1, text });
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'arch', version: 1, text } });
  }

  /** Replaces the whole text, or the part between two offsets. */
  async edit(uri: string, replacement: string, range?: { readonly start: number; readonly end: number }): Promise<void> {
    const before = this.#texts.get(uri) ?? { version: 0, text: '' };
    const { start, end } = range ?? { start: 0, end: before.text.length };
    const document = documentOf(before.text);
    const after = { version: before.version + 1, text: before.text.slice(0, start) + replacement + before.text.slice(end) };
    this.#texts.set(uri, after);
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: after.version },
      contentChanges: [
        range === undefined
          ? { text: replacement }
          : { range: { start: document.positionAt(start), end: document.positionAt(end) }, text: replacement },
      ],
    });
  }

  text(uri: string): string {
    return this.#texts.get(uri)?.text ?? '';
  }

  /** The position of an offset, or of the first place where a text begins. */
  position(uri: string, at: number | string): Position {
    const text = this.text(uri);
    return documentOf(text).positionAt(typeof at === 'number' ? at : text.indexOf(at));
  }

  /** The diagnostics of the present version of a document, as soon as they are sent. */
  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    const isThere = () => this.#published.get(uri)?.version === this.#texts.get(uri)?.version;
    while (!isThere())
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    return this.#published.get(uri)?.diagnostics ?? [];
  }

  /** The diagnostics that were sent last for a file, whether it is open or not. */
  published(uri: string): readonly Diagnostic[] | undefined {
    return this.#published.get(uri)?.diagnostics;
  }

  /** Asks for something at a place in a document. */
  at<R>(method: string, uri: string, at: number | string, more: object = {}): Promise<R> {
    return this.connection.sendRequest(method, { textDocument: { uri }, position: this.position(uri, at), ...more });
  }

  /** Asks for something in a document. */
  of<R>(method: string, uri: string, more: object = {}): Promise<R> {
    return this.connection.sendRequest(method, { textDocument: { uri }, ...more });
  }

  async close(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    this.connection.dispose();
  }
}

function documentOf(text: string): TextDocument {
  return TextDocument.create('', 'arch', 0, text);
}
