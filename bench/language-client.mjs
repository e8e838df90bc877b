// A client of `archc lsp`, with nothing between it and the messages of the protocol.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { archc } from './command-line.mjs';

/** Starts a server and sends it requests and notifications. Times are in milliseconds, from sending a message to having read the answer. */
export class LanguageClient {
  #server;
  #buffer = Buffer.alloc(0);
  #next = 1;
  #answers = new Map();
  #published = new Map();
  /** When the process was started. */
  started = performance.now();

  constructor(node = process.execPath) {
    this.#server = spawn(node, [archc, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#server.stdout.on('data', (chunk) => this.#read(chunk));
  }

  async initialize(rootUri) {
    const textDocument = { publishDiagnostics: {}, completion: { completionItem: { snippetSupport: true } } };
    await this.request('initialize', { processId: process.pid, rootUri, capabilities: { textDocument } });
    this.notify('initialized', {});
  }

  open(uri, text) {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'arch', version: 1, text } });
  }

  /** Replaces text within one line. */
  edit(uri, version, { line, from, to }, text) {
    const range = { start: { line, character: from }, end: { line, character: to } };
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range, text }] });
  }

  /** The diagnostics of a version of a document, as soon as they are there. */
  published(uri, version) {
    const known = this.#published.get(uri);
    if (known?.version === version) return Promise.resolve(known.diagnostics);
    return new Promise((resolve) => {
      this.#published.set(uri, { ...known, wanted: version, resolve });
    });
  }

  /** The next diagnostics of a document, whatever its version. */
  again(uri) {
    return new Promise((resolve) => {
      this.#published.set(uri, { ...this.#published.get(uri), wanted: 'next', resolve });
    });
  }

  request(method, params) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  /** The milliseconds that a request takes. */
  async timed(method, params) {
    const start = performance.now();
    await this.request(method, params);
    return performance.now() - start;
  }

  notify(method, params) {
    this.#send({ method, params });
  }

  /** The memory of the process in MiB. */
  memory() {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.#server.pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  }

  async close() {
    await this.request('shutdown');
    this.notify('exit');
    await new Promise((resolve) => {
      this.#server.once('exit', resolve);
    });
  }

  #send(message) {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #read(chunk) {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.toString('latin1', 0, end))?.[1]);
      if (this.#buffer.length < end + 4 + length) return;
      const message = JSON.parse(this.#buffer.toString('utf8', end + 4, end + 4 + length));
      this.#buffer = this.#buffer.subarray(end + 4 + length);
      this.#take(message);
    }
  }

  #take({ id, method, params, result, error }) {
    if (method === 'textDocument/publishDiagnostics') {
      const { uri, version, diagnostics } = params;
      const { wanted, resolve } = this.#published.get(uri) ?? {};
      this.#published.set(uri, { version, diagnostics, wanted, resolve });
      if (wanted === version || wanted === 'next') {
        this.#published.set(uri, { version, diagnostics });
        resolve(diagnostics);
      }
    } else if (method !== undefined && id !== undefined) this.#send({ id, result: null });
    else if (id !== undefined) {
      const answer = this.#answers.get(id);
      this.#answers.delete(id);
      if (error === undefined) answer?.resolve(result);
      else answer?.reject(new Error(error.message));
    }
  }
}
