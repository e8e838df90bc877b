import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { BuiltImport } from './cache.js';

/** Where the files of models are on a development server, below its base. */
const prefix = '@archc/';

/** Serves the files of built models while a program is developed. */
export class AssetServer {
  readonly #files = new Map<string, string>();
  #base = '/';
  #headers: Readonly<Record<string, unknown>> = {};

  /** `headers` are those of all answers of the server, such as those that isolate a page. */
  configure(base: string, headers: Readonly<Record<string, unknown>> = {}): void {
    this.#base = base;
    this.#headers = headers;
  }

  /** The path of a file of a model on this server. Each content has a path of its own. */
  add({ key, folder }: BuiltImport, name: string): string {
    const path = `${prefix}${key}/${encodeURIComponent(name)}`;
    this.#files.set(path, join(folder, name));
    return `${this.#base}${path}`;
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const path = (request.url ?? '').replace(/[?#].*$/s, '');
    const file = path.startsWith(this.#base) ? this.#files.get(path.slice(this.#base.length)) : undefined;
    if (file === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
      next();
      return;
    }
    for (const [name, value] of Object.entries(this.#headers)) if (value !== undefined) response.setHeader(name, String(value));
    send(file, request, response);
  };
}

function send(file: string, request: IncomingMessage, response: ServerResponse): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    // It was removed from the cache; the next import of the module builds it again.
    response.writeHead(404).end();
    return;
  }
  response.setHeader('content-type', 'application/octet-stream');
  response.setHeader('cache-control', 'public, max-age=31536000, immutable');
  response.setHeader('accept-ranges', 'bytes');
  const range = rangeOf(request.headers.range, size);
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  response.setHeader('content-length', end - start + 1);
  if (range !== undefined) response.setHeader('content-range', `bytes ${start}-${end}/${size}`);
  response.writeHead(range === undefined ? 200 : 206);
  if (request.method === 'HEAD' || size === 0) {
    response.end();
    return;
  }
  const stream = createReadStream(file, { start, end });
  stream.on('error', () => response.destroy());
  response.on('close', () => stream.destroy());
  stream.pipe(response);
}

/** The range of bytes that a request asks for, or undefined for the whole file. A request for several ranges gets the whole file, as the standard allows. */
function rangeOf(header: string | undefined, size: number): { readonly start: number; readonly end: number } | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start > end || start >= size ? 'unsatisfiable' : { start, end };
}
