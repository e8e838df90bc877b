/// <reference types="node" />
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandLine } from '../kit/command-line.js';
import { useOwnFolder } from '../kit/own-folder.js';

useOwnFolder(() => {
  mkdirSync('my $parts', { recursive: true });
  writeFileSync('my $parts/head#1.arch', 'layer Head(x: Tensor[N, 4]) -> Tensor[N, 2] { return x -> fc: Linear(2) }\n');
  writeFileSync(
    'm.arch',
    'import { Head } from "./my $parts/head#1.arch"\nmodel M(D = 1)(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) { return x -> h: Head }\n',
  );
  writeFileSync('set.json', '{ "D": 2 }');
});

const imported = 'my\\ $$parts/head\\#1.arch';

test('--deps writes which files a build read, as make reads them', async () => {
  const { code, out } = await commandLine(['m.arch', '-o', 'out/m.onnx', '--emit', 'onnx,js', '--set-from', 'set.json', '--deps', 'm.d']);
  expect([code, out]).toEqual([0, '']);
  const inputs = ['m.arch', imported, 'set.json'];
  const rule = `out/m.onnx out/m.arch.js: ${inputs.join(' ')}\n`;
  expect(readFileSync('m.d', 'utf8')).toBe(`${rule}${inputs.map((path) => `\n${path}:\n`).join('')}`);
});

test('for the builds of a project, there is a rule for each, which archc.json is a part of', async () => {
  writeFileSync('archc.json', JSON.stringify({ builds: { a: { model: 'm.arch', out: 'a.onnx' }, b: { model: 'm.arch', out: 'b.onnx' } } }));
  expect((await commandLine(['build', '--deps', 'all.d'])).code).toBe(0);
  const [a, b] = readFileSync('all.d', 'utf8').split('\n');
  expect([a, b]).toEqual(['a', 'b'].map((name) => `${name}.onnx: m.arch ${imported} archc.json`));
});

test('a build that fails writes none', async () => {
  writeFileSync('wrong.arch', 'model M(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) { return x }\n');
  expect((await commandLine(['wrong.arch', '--deps', 'wrong.d'])).code).toBe(1);
  expect(existsSync('wrong.d')).toBe(false);
});

const hasMake = spawnSync('make', ['--version']).status === 0;
if (!hasMake) console.warn('\n*** SKIPPED: there is no make to read the rules ***\n');

test.runIf(hasMake)('make builds again when an imported file changes, and when one is gone', async () => {
  await commandLine(['m.arch', '-o', 'm.onnx', '--deps', 'm.d']);
  writeFileSync('Makefile', 'm.onnx:\n\t@echo builds\ninclude m.d\n');
  const make = (...args: string[]) => spawnSync('make', args, { encoding: 'utf8' }).stdout;
  expect(make()).toMatch(/up to date/);
  expect(make('-W', 'my $parts/head#1.arch')).toBe('builds\n');
  rmSync('my $parts/head#1.arch');
  expect(make()).toBe('builds\n');
});
