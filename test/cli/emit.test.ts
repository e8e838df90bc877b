import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../kit/command-line.js';
import { useOwnFolder } from '../kit/own-folder.js';
import { signs } from '../kit/signs.js';

useOwnFolder(() => {
  writeFileSync('signs.arch', signs);
});

describe('--emit', () => {
  test('writes a module and its types beside the model', async () => {
    const { code, out, err } = await commandLine(['signs.arch', '--emit', 'onnx,js,dts', '-o', 'a/']);
    expect([code, out]).toEqual([0, '']);
    expect(err).toMatch(/^a\/signs\.onnx: .*\nsigns\.arch\.js and signs\.arch\.d\.ts export Signs\n$/);
    expect(readdirSync('a').sort()).toEqual(['signs.arch.d.ts', 'signs.arch.js', 'signs.onnx']);
    expect(readFileSync('a/signs.arch.d.ts', 'utf8')).toContain('// Written by archc from signs.arch: the next build replaces it.\n');
  });

  test('with --train, writes the training, too; the files are called as the output', async () => {
    const { code, err } = await commandLine(['signs.arch', '--train', 'Fit', '--emit', 'dts, onnx, js', '-o', 'b.onnx']);
    expect(code).toBe(0);
    expect(err).toMatch(/\nb\.arch\.js and b\.arch\.d\.ts export Signs and Fit\n$/);
    const text = readFileSync('b.arch.js', 'utf8');
    for (const [, file = ''] of text.matchAll(/new URL\('\.\/([^']+)'/g)) expect(existsSync(file), file).toBe(true);
  });

  test('may write the types alone', async () => {
    const { code, err } = await commandLine(['signs.arch', '--emit', 'dts', '-o', 'c/']);
    expect(code).toBe(0);
    expect(err).toMatch(/^Signs: 58 parameters, \d+ ms\nsigns\.arch\.d\.ts exports Signs\n$/);
    expect(readdirSync('c')).toEqual(['signs.arch.d.ts']);
  });

  test('gives the same bytes each time', async () => {
    const texts = async () => {
      await commandLine(['signs.arch', '--train', 'Fit', '--emit', 'onnx,js,dts', '-o', 'd/']);
      return [readFileSync('d/signs.arch.js', 'utf8'), readFileSync('d/signs.arch.d.ts', 'utf8')];
    };
    expect(await texts()).toEqual(await texts());
  });

  test('reports names for which a module has no place, and writes nothing', async () => {
    writeFileSync('twice.arch', signs.replace('train Fit', 'train Signs'));
    const { code, err } = await commandLine(['twice.arch', '--train', 'Signs', '--emit', 'onnx,js', '-o', 'e/']);
    expect(code).toBe(1);
    expect(err).toContain('error[module-export]: the module would export two things called `Signs`');
    expect(existsSync('e/twice.onnx')).toBe(false);
    expect((await commandLine(['twice.arch', '--train', 'Signs', '-o', 'e/'])).code).toBe(0);
  });

  test.each([
    ['onnx,jss', '`--emit` cannot be `jss`\n  help: did you mean `js`? It takes onnx, js, dts'],
    ['onnx,,js', '`--emit` cannot be ``\n  help: it takes onnx, js, dts, with commas between them'],
    ['js', '`--emit js` also needs `onnx`: the module loads the files\n  help: write `--emit onnx,js`'],
  ])('cannot be %s', async (list, message) => {
    const { code, err } = await commandLine(['signs.arch', '--emit', list, '-o', 'f.onnx']);
    expect(code).toBe(2);
    expect(err.replaceAll('= help:', 'help:')).toContain(message);
  });

  test('writes no module to standard output', async () => {
    const { code, err } = await commandLine(['signs.arch', '--emit', 'onnx,js', '-o', '-']);
    expect(code).toBe(2);
    expect(err).toContain('standard output takes one file, so `--emit` can only be `onnx`');
  });
});
