import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { unzipSync } from 'fflate';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifest } from '../../kit/extension.js';

const root = resolve(import.meta.dirname, '../../..');
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** A script has no types; it promises these functions. */
interface Script {
  readonly extensionFiles: () => Promise<ReadonlyMap<string, Uint8Array>>;
  readonly vsixOf: (files: ReadonlyMap<string, Uint8Array>) => Uint8Array;
}

let script: Script;
let files: ReadonlyMap<string, Uint8Array>;
let zipped: Readonly<Record<string, Uint8Array>>;
let folder = '';

beforeAll(async () => {
  script = (await import(/* @vite-ignore */ `${root}/scripts/vsix.mjs`)) as Script;
  files = await script.extensionFiles();
  zipped = unzipSync(script.vsixOf(files));
  folder = mkdtempSync(join(tmpdir(), 'archc-vsix-'));
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the .vsix file', () => {
  test('has the same bytes each time, in every time zone', async () => {
    const [first, second] = [script.vsixOf(files), script.vsixOf(await script.extensionFiles())];
    expect(Buffer.compare(first, second)).toBe(0);
    const code = `import { extensionFiles, vsixOf } from ${JSON.stringify(`${root}/scripts/vsix.mjs`)}; import { createHash } from 'node:crypto'; console.log(createHash('sha256').update(vsixOf(await extensionFiles())).digest('hex'));`;
    const inZone = (TZ: string) =>
      spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8', env: { ...process.env, TZ } });
    const hashes = ['Asia/Kathmandu', 'America/St_Johns'].map((zone) => inZone(zone).stdout);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}\n$/);
    expect(hashes[1]).toBe(hashes[0]);
  });

  test('describes each file, and the extension', () => {
    const types = text(zipped['[Content_Types].xml']);
    for (const path of Object.keys(zipped))
      if (path !== '[Content_Types].xml') expect(types).toContain(`"${path.slice(path.lastIndexOf('.'))}"`);
    const description = text(zipped['extension.vsixmanifest']);
    expect(description).toContain(`Version="${manifest.version}" Publisher="archc"`);
    for (const [, path = ''] of description.matchAll(/(?:Path="|<Icon>|<License>)(extension\/[^"<]+)/g))
      expect(Object.keys(zipped)).toContain(path);
  });

  test('holds every file that the manifest names', () => {
    const named: string[] = [];
    JSON.parse(text(files.get('package.json')), (key, value) => {
      const isPath = ['main', 'browser', 'icon', 'path', 'configuration', 'light', 'dark', 'url', 'svg'].includes(key);
      if (isPath && typeof value === 'string' && /[./]/.test(value)) named.push(value.replace('./', ''));
      return value;
    });
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !files.has(path))).toEqual([]);
  });

  test('has a page whose pictures have addresses, and are in the package archc', () => {
    const targets = [...text(files.get('README.md')).matchAll(/\]\(([^)#]+)\)/g)].map(([, target = '']) => target);
    const { version } = JSON.parse(text(files.get('server/package.json'))) as { readonly version: string };
    const start = `https://unpkg.com/archc@${version}/`;
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !target.startsWith(start) || !existsSync(join(root, target.slice(start.length))))).toEqual([]);
  });

  test('holds nothing of the workshop', () => {
    const parts = new Set([...files.keys()].map((path) => (path.includes('/') ? `${path.split('/')[0]}/` : path)));
    expect([...parts].sort()).toEqual([
      'LICENSE.txt',
      'README.md',
      'THIRD-PARTY-LICENSES.txt',
      'archc.schema.json',
      'dist/',
      'icons/',
      'language-configuration.json',
      'package.json',
      'server/',
      'syntaxes/',
      'walkthrough/',
    ]);
    expect([...files.keys()].filter((path) => /\.(?:ts|map|node|onnx)$|node_modules/.test(path))).toEqual([]);
    for (const [path, bytes] of files) expect(text(bytes).includes(root), path).toBe(false);
  });

  test('has the schema of archc, and a picture for the marketplace', () => {
    expect(text(files.get('archc.schema.json'))).toBe(readFileSync(join(root, 'archc.schema.json'), 'utf8'));
    const { width, height } = PNG.sync.read(Buffer.from(files.get(manifest.icon) ?? []));
    expect([width, height]).toEqual([128, 128]);
  });

  test('names the license of each package in it', () => {
    const licenses = text(files.get('THIRD-PARTY-LICENSES.txt'));
    for (const name of ['vscode-languageclient', 'vscode-jsonrpc', 'vscode-languageserver-protocol'])
      expect(licenses).toContain(`${name} `);
    expect(licenses).not.toContain('See the package for its license text.');
  });

  test('needs no modules of Node in the web', () => {
    expect(new Set(text(files.get('dist/extension-web.cjs')).match(/\brequire\("[^"]+"\)/g))).toEqual(new Set(['require("vscode")']));
  });
});

describe('the archc in it', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(folder, 'server/dist/archc.cjs'), ...args], { cwd: folder, encoding: 'utf8' });

  test('runs by itself', () => {
    writeFileSync(join(folder, 'm.arch'), 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 4]) {\n  return x -> fc: Linear(4)\n}\n');
    expect(run('--version').stdout).toBe(`archc ${manifest.version}\n`);
    expect(run('check', 'm.arch').status).toBe(0);
    expect(run('cost', 'm.arch', '--color', 'never').stdout).toMatch(/^fc +Linear +36 /m);
    expect(run('build', 'm.arch', '-o', 'm.onnx').status).toBe(0);
    expect(run('explain', 'shape-mismatch').stdout).toMatch(/^# shape-mismatch/);
  });

  test('says what `archc run` needs', () => {
    expect(run('run', 'm.arch').stderr).toContain('needs the package onnxruntime-node');
  });
});

test('the extension registers its commands, and reports a server that does not start', async () => {
  const { vscode, registered, messages, contexts } = await import('../../kit/fake-vscode.js');
  const load = createRequire(join(folder, 'dist/extension.cjs'));
  const { Module } = { Module: load('node:module') };
  const resolveOriginal = Module._load;
  Module._load = (request: string, ...rest: unknown[]) => (request === 'vscode' ? vscode : resolveOriginal(request, ...rest));
  try {
    const extension = load('./extension.cjs');
    await extension.activate({ subscriptions: [], asAbsolutePath: (path: string) => join(folder, 'nowhere', path) });
    await expect.poll(() => messages).toContain('The language server of archc did not start.');
    await extension.deactivate();
  } finally {
    Module._load = resolveOriginal;
  }
  const ofServer = ['archc.rename', 'archc.triggerParameterHints'];
  expect([...registered].sort()).toEqual([...manifest.contributes.commands.map(({ command }) => command), ...ofServer].sort());
  expect(contexts).toEqual({ 'archc.hasCompiler': true });
});
