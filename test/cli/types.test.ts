import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandLine } from '../kit/command-line.js';
import { useOwnFolder } from '../kit/own-folder.js';
import { signs } from '../kit/signs.js';

useOwnFolder(() => {
  mkdirSync('src');
  writeFileSync('src/signs.arch', signs);
});

test('archc types writes declarations beside the source, and only if they change', async () => {
  expect(await commandLine(['types', 'src/signs.arch'])).toMatchObject({ code: 0, out: '', err: 'src/signs.d.arch.ts: written\n' });
  const text = readFileSync('src/signs.d.arch.ts', 'utf8');
  expect(text).toContain("readonly x: Input<'f32', [N, 4]>;");
  expect(text).not.toContain('Fit');
  utimesSync('src/signs.d.arch.ts', 1, 1);
  expect((await commandLine(['types', 'src/signs.arch'])).err).toBe('src/signs.d.arch.ts: unchanged\n');
  expect(statSync('src/signs.d.arch.ts').mtimeMs).toBe(1000);
  expect((await commandLine(['types', 'src/signs.arch', '--train', 'Fit'])).err).toBe('src/signs.d.arch.ts: written\n');
  expect(readFileSync('src/signs.d.arch.ts', 'utf8')).toContain('export declare const Fit');
});

test('a folder takes them, too, and needs no weights', async () => {
  writeFileSync(
    'archc.json',
    JSON.stringify({ builds: { signs: { model: 'src/signs.arch', out: 'a.onnx', weights: 'missing.safetensors' } } }),
  );
  const { code, err } = await commandLine(['types', '-o', 'types/deep/']);
  expect([code, err.replaceAll('\\', '/')]).toEqual([0, 'types/deep/signs.d.arch.ts: written\n']);
  expect(readdirSync('types/deep')).toEqual(['signs.d.arch.ts']);
});

test('builds of one file with different types are told apart by name', async () => {
  const builds = {
    plain: { model: 'src/signs.arch', out: 'a.onnx' },
    fit: { model: 'src/signs.arch', train: 'Fit', out: 'b.onnx' },
  };
  writeFileSync('archc.json', JSON.stringify({ builds }));
  const { code, err } = await commandLine(['types']);
  expect(code).toBe(2);
  expect(err).toContain('several builds have types for src/signs.d.arch.ts, and they differ');
  expect(err).toContain('archc types NAME');
  expect((await commandLine(['types', 'fit'])).code).toBe(0);
});

test('mistakes are reported, and leave the file as it is', async () => {
  await commandLine(['types', 'src/signs.arch']);
  const before = readFileSync('src/signs.d.arch.ts', 'utf8');
  writeFileSync('src/signs.arch', signs.replace('Linear(2)', 'Linaer(2)'));
  const { code, err } = await commandLine(['types', 'src/signs.arch']);
  expect(code).toBe(1);
  expect(err).toContain('error[unknown-name]');
  expect(readFileSync('src/signs.d.arch.ts', 'utf8')).toBe(before);
  expect((await commandLine(['types', '-'])).err).toContain('`archc types` needs a file');
});
