import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cacheFolder } from '../../src/cli/cache-folder.js';
import { privateFolder } from '../../src/cli/private-folder.js';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'archc-private-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;
const isRoot = process.getuid?.() === 0;

describe.skipIf(process.platform === 'win32')('a private folder', () => {
  test('is made with its parents, for this user alone', () => {
    const path = join(folder, 'home', '.cache', 'archc');
    expect(privateFolder(path)).toBe(path);
    expect([join(folder, 'home'), join(folder, 'home', '.cache'), path].map(modeOf)).toEqual([0o700, 0o700, 0o700]);
    expect(privateFolder(path)).toBe(path);
  });

  test('has a path without links', () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    expect(privateFolder(join(folder, 'link', 'archc'))).toBe(join(folder, 'real', 'archc'));
  });

  test('may lie in a folder in which everybody can add files and nobody can remove those of others', () => {
    mkdirSync(join(folder, 'tmp'));
    chmodSync(join(folder, 'tmp'), 0o1777);
    expect(privateFolder(join(folder, 'tmp', 'archc'))).toBe(join(folder, 'tmp', 'archc'));
  });

  test.each<readonly [string, (path: string) => void]>([
    ['a link', (path) => symlinkSync(folder, path)],
    ['a link to nowhere', (path) => symlinkSync(join(folder, 'nowhere'), path)],
    ['a file', (path) => writeFileSync(path, '')],
    ['writable by a group', (path) => made(path, 0o770)],
    ['writable by all', (path) => made(path, 0o707)],
    ['below a folder that a group may write to', (path) => chmodSync(join(path, '..'), 0o770)],
    ['below a folder that all may write to', (path) => chmodSync(join(path, '..'), 0o777)],
    ['with a file that others may write to', (path) => inside(path, (file) => made(file, 0o606))],
    ['with a folder that others may write to', (path) => inside(path, (file) => made(file, 0o777))],
    ['with a link inside', (path) => inside(path, (file) => symlinkSync('/', file))],
    ['with a FIFO inside', (path) => inside(path, (file) => spawnSync('mkfifo', [file]))],
  ])('is not one that is %s', (_, spoil) => {
    mkdirSync(join(folder, 'parent'), { mode: 0o700 });
    const path = join(folder, 'parent', 'archc');
    spoil(path);
    expect(privateFolder(path)).toBeUndefined();
  });

  test.runIf(isRoot)('does not belong to somebody else, is not below such a folder, and has no files of somebody else', () => {
    const path = join(folder, 'theirs', 'archc');
    mkdirSync(path, { recursive: true, mode: 0o755 });
    const file = join(path, 'v22', 'code');
    mkdirSync(join(path, 'v22'));
    writeFileSync(file, '');
    expect(privateFolder(path)).toBe(path);
    for (const entry of [file, join(path, 'v22'), path, join(folder, 'theirs')]) {
      chownSync(entry, 65534, 65534);
      expect(privateFolder(path)).toBeUndefined();
      chownSync(entry, 0, 0);
    }
    expect(privateFolder(path)).toBe(path);
  });

  test('is not below a file, and does not exist if it cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(privateFolder(join(folder, 'file', 'archc'))).toBeUndefined();
    expect(privateFolder('/proc/archc')).toBeUndefined();
  });
});

function made(path: string, mode: number): void {
  if (path.endsWith('file')) writeFileSync(path, '');
  else mkdirSync(path);
  chmodSync(path, mode);
}

function inside(path: string, spoil: (entry: string) => void): void {
  mkdirSync(path, { mode: 0o700 });
  spoil(join(path, 'file'));
}

test('caches are where the platform expects them', () => {
  expect(cacheFolder('linux', { HOME: '/home/ada' })).toBe('/home/ada/.cache/archc');
  expect(cacheFolder('linux', { HOME: '/home/ada', XDG_CACHE_HOME: '/fast' })).toBe('/fast/archc');
  expect(cacheFolder('linux', { HOME: '/home/ada', XDG_CACHE_HOME: 'relative' })).toBe('/home/ada/.cache/archc');
  expect(cacheFolder('darwin', { HOME: '/Users/ada' })).toBe('/Users/ada/Library/Caches/archc');
  expect(cacheFolder('linux', { HOME: 'relative' })).toBeUndefined();
});

describe.skipIf(process.platform === 'win32')('compiled code', () => {
  const keepsCode = 'enableCompileCache' in nodeModule;
  const archc = (env: Readonly<Record<string, string>>): number | null => {
    writeFileSync(join(folder, 'm.arch'), 'model M(x: Tensor[N]) -> (y: Tensor[N]) { return relu(x) }\n');
    const cli = resolve(import.meta.dirname, '../../dist/archc.cjs');
    return spawnSync(process.execPath, [cli, 'check', 'm.arch'], { cwd: folder, env: { ...process.env, ...env } }).status;
  };

  test('is kept where Node can keep it, in the folder of the user', () => {
    expect(archc({ XDG_CACHE_HOME: folder })).toBe(0);
    expect(existsSync(join(folder, 'archc'))).toBe(keepsCode);
    if (keepsCode) expect(readdirSync(join(folder, 'archc'), { recursive: true }).length).toBeGreaterThan(1);
  });

  test('is not kept where others may write, nor against the will of the user', () => {
    expect(archc({ XDG_CACHE_HOME: folder, NODE_DISABLE_COMPILE_CACHE: '1' })).toBe(0);
    expect(existsSync(join(folder, 'archc'))).toBe(false);
    mkdirSync(join(folder, 'archc'));
    chmodSync(join(folder, 'archc'), 0o777);
    expect(archc({ XDG_CACHE_HOME: folder })).toBe(0);
    expect(readdirSync(join(folder, 'archc'))).toEqual([]);
  });
});
