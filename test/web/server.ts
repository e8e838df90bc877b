/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';

/** What a page of a careful site may do: run its own scripts and compile WebAssembly, but never a string. */
const carefulPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

export interface SiteServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves files only to this machine. `place` gives the file at the path of a URL, or its content. */
export async function serve(place: (path: string) => string | Uint8Array | undefined, policy = carefulPolicy): Promise<SiteServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const found = place(pathname);
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(pathname)] ?? (pathname === '/' ? 'text/html' : 'application/octet-stream');
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy });
    response.end(typeof found === 'string' ? readFileSync(found) : found);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
