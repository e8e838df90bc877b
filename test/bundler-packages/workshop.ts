/// <reference types="node" />
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import type { Browser } from 'playwright-core';
import { hasChromium, launchChromium } from '../kit/chromium.js';
import { serve } from '../web/server.js';

const root = resolve(import.meta.dirname, '../..');
export const page: string = readFileSync(join(root, 'docs/bundlers.md'), 'utf8');

/** The files that the page shows, by their names. */
export const files: ReadonlyMap<string, string> = new Map(
  [...page.matchAll(/^```\w+ ([\w./-]+)\n([\s\S]*?)^```$/gm)].map(([, name = '', text = '']) => [name, text]),
);

const versions: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies;

/** The packed package, and a folder for projects that install it. */
export class Workshop {
  readonly #folder: string;
  readonly #tarball: string;
  readonly #browser: Browser | undefined;

  private constructor(folder: string, tarball: string, browser: Browser | undefined) {
    this.#folder = folder;
    this.#tarball = tarball;
    this.#browser = browser;
  }

  static async open(): Promise<Workshop> {
    const folder = mkdtempSync(join(tmpdir(), 'archc-documented-'));
    const packed = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root, encoding: 'utf8' }),
    );
    // npm 11 gives a list, newer ones an object by package name.
    const [report] = Array.isArray(packed) ? packed : Object.values(packed);
    return new Workshop(folder, join(folder, report.filename), hasChromium ? await launchChromium() : undefined);
  }

  /** An empty project with archc and these packages. */
  project(name: string, packages: readonly string[]): EmptyProject {
    return new EmptyProject(join(this.#folder, name), this.#tarball, packages, this.#browser);
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A project with the packages and files that the page names, and nothing else. */
export class EmptyProject {
  readonly path: string;

  readonly #browser: Browser | undefined;

  constructor(path: string, tarball: string, packages: readonly string[], browser: Browser | undefined) {
    this.path = path;
    this.#browser = browser;
    this.write('package.json', '{ "private": true, "type": "module" }\n');
    for (const file of ['src/main.js', 'src/digits.arch']) this.write(file, files.get(file) ?? '');
    const wanted = packages.map((name) => (versions[name] === undefined ? name : `${name}@${versions[name]}`));
    this.run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball, ...wanted]);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), text);
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  run(command: string, args: readonly string[]): string {
    const env = {
      ...process.env,
      NODE_PATH: '',
      NODE_ENV: '',
      ONNXRUNTIME_NODE_INSTALL: 'skip',
      npm_config_onnxruntime_node_install: 'skip',
    };
    return execFileSync(command, args, { cwd: this.path, encoding: 'utf8', env, stdio: 'pipe' });
  }

  /** What the page in a folder says on its console. */
  async opened(folder: string): Promise<string> {
    const place = (path: string) => {
      const file = join(this.path, folder, path === '/' ? 'index.html' : path);
      return existsSync(file) ? file : undefined;
    };
    const policy =
      "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'";
    const server = await serve(place, policy);
    const tab = await this.#browser?.newPage();
    try {
      const said: string[] = [];
      const wanted = tab?.waitForEvent('console', { predicate: (message) => message.text().startsWith('logits'), timeout: 60_000 });
      tab?.on('console', (message) => said.push(message.text()));
      tab?.on('pageerror', (error) => said.push(error.message));
      await tab?.goto(server.url);
      return (await wanted?.catch(() => undefined))?.text() ?? said.join('\n');
    } finally {
      await tab?.close();
      await server.close();
    }
  }
}
