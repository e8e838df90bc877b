/// <reference types="node" />
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium } from '../kit/chromium.js';
import { serve } from '../web/server.js';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/bundlers.md'), 'utf8');

/** The files that the page shows, by their names. */
const files = new Map([...page.matchAll(/^```\w+ ([\w./-]+)\n([\s\S]*?)^```$/gm)].map(([, name = '', text = '']) => [name, text]));

const versions: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies;

interface Setup {
  /** The packages besides archc and ONNX Runtime. */
  readonly packages: readonly string[];
  readonly config: string;
  readonly command: readonly string[];
  readonly side: 'page' | 'node';
}

const setups: Readonly<Record<string, Setup>> = {
  vite: { packages: ['vite'], config: 'vite.config.js', command: ['vite', 'build'], side: 'page' },
  webpack: { packages: ['webpack', 'webpack-cli'], config: 'webpack.config.js', command: ['webpack'], side: 'page' },
  rspack: { packages: ['@rspack/core', '@rspack/cli'], config: 'rspack.config.js', command: ['rspack', 'build'], side: 'page' },
  rollup: { packages: ['rollup'], config: 'rollup.config.js', command: ['rollup', '-c'], side: 'node' },
  rolldown: { packages: ['rolldown'], config: 'rolldown.config.js', command: ['rolldown', '-c'], side: 'node' },
  esbuild: { packages: ['esbuild'], config: 'build.mjs', command: ['node', 'build.mjs'], side: 'node' },
};

let workshop = '';
let tarball = '';
let browser: Browser | undefined;

beforeAll(async () => {
  workshop = mkdtempSync(join(tmpdir(), 'archc-documented-'));
  const packed = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', workshop], { cwd: root, encoding: 'utf8' }),
  );
  const [report] = Array.isArray(packed) ? packed : Object.values(packed);
  tarball = join(workshop, report.filename);
  if (hasChromium) browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  rmSync(workshop, { recursive: true, force: true });
});

/** A project with the packages and files that the page names, and nothing else. */
class EmptyProject {
  readonly path: string;

  constructor(name: string, packages: readonly string[]) {
    this.path = join(workshop, name);
    this.write('package.json', '{ "private": true, "type": "module" }\n');
    for (const file of ['src/main.js', 'src/digits.arch']) this.write(file, files.get(file) ?? '');
    const wanted = packages.map((name) => (versions[name] === undefined ? name : `${name}@${versions[name]}`));
    this.run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball, ...wanted]);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), text);
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
    const tab = await browser?.newPage();
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

describe.each(Object.entries(setups))('the lines for %s', (name, { packages, config, command, side }) => {
  test.runIf(side === 'node' || hasChromium)(`build a program for ${side === 'node' ? 'Node' : 'a page'} in an empty project`, async () => {
    const project = new EmptyProject(name, [...packages, side === 'node' ? 'onnxruntime-node' : 'onnxruntime-web']);
    project.write(config, files.get(config) ?? expect.fail(`the page does not show ${config}`));
    const script = '<!doctype html><script type="module" src="SRC"></script>\n';
    if (name === 'vite') project.write('index.html', script.replace('SRC', '/src/main.js'));
    const [program = '', ...args] = command;
    project.run(program === 'node' ? program : 'npx', program === 'node' ? args : command);
    if (side === 'page' && name !== 'vite') project.write('dist/index.html', script.replace('SRC', './main.js'));
    const said = side === 'node' ? project.run('node', ['dist/main.js']) : await project.opened('dist');
    expect(said.trim()).toBe('logits [1,10]');
  });
});

test('the lines for Node run a program, and TypeScript reads the types', () => {
  const project = new EmptyProject('node', ['onnxruntime-node', 'tsx', 'typescript', 'vite']);
  const commands = [...page.matchAll(/^node --import .*$/gm)].map(([line]) => line);
  expect(commands).toHaveLength(2);
  project.write('src/main.ts', `${files.get('src/main.js')}\nexport const shape: readonly number[] = logits.shape;\n`);
  for (const line of commands) expect(project.run('node', line.split(' ').slice(1)).trim()).toBe('logits [1,10]');
  project.write('vite.config.js', "import archc from 'archc/vite';\n\nexport default { plugins: [archc({ dts: true })] };\n");
  project.run('npx', ['vite', 'build', '--ssr', 'src/main.js']);
  project.write('tsconfig.json', files.get('tsconfig.json') ?? '');
  project.write(
    'src/queries.ts',
    `/// <reference types="archc/client" />
import { Digits } from './digits.arch';
import url, { files, manifest } from './digits.arch?url';
import bytes from './digits.arch?inline';

export const all: readonly [string | URL, readonly string[], string, Uint8Array] = [url, Object.keys(files), manifest.name, bytes];
export const inputs: Digits.Inputs = { image: new Float32Array(64) };
// @ts-expect-error: the model has no such input
export const wrong: Digits.Inputs = { picture: new Float32Array(64) };
// @ts-expect-error: an array of bytes has no shape
export const other: number[] = bytes.shape;
`,
  );
  project.run('npx', ['tsc', '-p', '.']);
});
