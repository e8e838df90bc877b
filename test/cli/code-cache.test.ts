import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cacheFolder } from '../../src/cli/cache-folder.js';
import { CodeCache } from '../../src/cli/code-cache.js';

let folder: string;
let bundle: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archc-code-'));
  bundle = join(folder, 'bundle.cjs');
  writeFileSync(bundle, `'use strict'; exports.answer = () => 41 + 1; exports.file = __filename; exports.path = require('node:path').sep;`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cache = (purpose = 'build') => new CodeCache(bundle, join(folder, 'cache'), purpose);
const kept = () => readdirSync(join(folder, 'cache')).map((name) => join(folder, 'cache', name));

function run(used: CodeCache): unknown {
  const { answer, file, path } = used.load() as { answer: () => number; file: string; path: string };
  return [answer(), file, path.length];
}

describe('compiled code', () => {
  test('is kept, and used by the next process', () => {
    const first = cache();
    expect(run(first)).toEqual([42, bundle, 1]);
    first.keep();
    const [file = ''] = kept();
    rmSync(file);
    first.keep();
    const second = cache();
    expect(run(second)).toEqual([42, bundle, 1]);
    const { mtimeNs } = statSync(file, { bigint: true });
    second.keep();
    expect(statSync(file, { bigint: true }).mtimeNs).toBe(mtimeNs);
  });

  test.each([
    ['cut off', (code: Buffer) => code.subarray(0, code.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['changed in one byte', (code: Buffer) => Buffer.concat([code.subarray(0, 80), Buffer.of(code.readUInt8(80) ^ 1), code.subarray(81)])],
    ['of another program', () => Buffer.from('something else altogether')],
  ])('that is %s is made anew', (_, damage) => {
    const first = cache();
    run(first);
    first.keep();
    const [file = ''] = kept();
    const whole = readFileSync(file);
    writeFileSync(file, damage(whole));
    const second = cache();
    expect(run(second)).toEqual([42, bundle, 1]);
    second.keep();
    expect(readFileSync(file).length).toBe(whole.length);
  });

  test('of one bundle is not taken for another of the same length', () => {
    const first = cache();
    first.load();
    first.keep();
    writeFileSync(bundle, readFileSync(bundle, 'utf8').replace('41 + 1', '41 + 2'));
    expect(run(cache())).toEqual([43, bundle, 1]);
  });

  test('is kept for each purpose, and what is a month old is removed', () => {
    const build = cache('build');
    build.load();
    build.keep();
    const [old = ''] = kept();
    const months = (Date.now() - 60 * 24 * 3600 * 1000) / 1000;
    utimesSync(old, months, months);
    const check = cache('check');
    check.load();
    check.keep();
    expect(kept()).toEqual([expect.stringContaining('check-')]);
  });

  test('is not kept where the folder cannot be written', () => {
    const inTheWay = new CodeCache(bundle, join(bundle, 'cache'), 'build');
    expect(run(inTheWay)).toEqual([42, bundle, 1]);
    inTheWay.keep();
    const nowhere = new CodeCache(bundle, undefined, 'build');
    expect(run(nowhere)).toEqual([42, bundle, 1]);
    nowhere.keep();
    expect(readdirSync(folder)).toEqual(['bundle.cjs']);
  });
});

test('caches lie where the platform wants them, and nowhere if the user does not want them', () => {
  expect(cacheFolder('linux', { HOME: '/home/ada' })).toBe('/home/ada/.cache/archc');
  expect(cacheFolder('linux', { HOME: '/home/ada', XDG_CACHE_HOME: '/fast' })).toBe('/fast/archc');
  expect(cacheFolder('linux', { HOME: '/home/ada', XDG_CACHE_HOME: 'relative' })).toBe('/home/ada/.cache/archc');
  expect(cacheFolder('darwin', { HOME: '/Users/ada' })).toBe('/Users/ada/Library/Caches/archc');
  expect(cacheFolder('win32', {})).toBeUndefined();
  expect(cacheFolder('linux', { HOME: '/home/ada', NODE_DISABLE_COMPILE_CACHE: '1' })).toBeUndefined();
});
