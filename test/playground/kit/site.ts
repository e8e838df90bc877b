/// <reference types="node" />
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { contentSecurityPolicy, isolation, noncePlaceholder } from '../../../playground/headers.mjs';

const root = resolve(import.meta.dirname, '../../..');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** The playground as a static site, and servers for it. */
export class Site {
  readonly #folder = mkdtempSync(join(tmpdir(), 'archc-playground-'));
  readonly #servers: Server[] = [];

  /** Builds it from `dist/`, as `npm run playground:build` does. */
  static async build(): Promise<Site> {
    const site = new Site();
    await promisify(execFile)(process.execPath, ['scripts/playground.mjs', 'build', '--out', site.#folder], { cwd: root });
    return site;
  }

  /** Serves the site below a folder with its policy, and returns the address of its page. Without isolation, it has one thread. */
  async serve({ isIsolated = true } = {}): Promise<string> {
    const server = createServer(({ url = '/' }, response) => {
      const path = new URL(url, 'http://localhost').pathname.replace(/^\/try\/$/, '/try/index.html');
      const nonce = randomBytes(16).toString('hex');
      const headers = { 'Content-Security-Policy': contentSecurityPolicy(nonce), ...(isIsolated ? isolation : {}) };
      try {
        const bytes = readFileSync(join(this.#folder, path.replace(/^\/try\//, '')));
        const body = path.endsWith('.html') ? bytes.toString().replaceAll(noncePlaceholder, nonce) : bytes;
        response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream', ...headers }).end(body);
      } catch {
        response.writeHead(404, headers).end();
      }
    });
    this.#servers.push(server);
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/try/`;
  }

  remove(): void {
    for (const server of this.#servers) server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
