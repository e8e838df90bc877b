import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { exampleText } from '../../src/cli/init/example.js';
import { main } from '../../src/cli/main.js';
import { format } from '../../src/index.js';
import { useFolderForEach } from '../kit/own-folder.js';

const model = (name: string, hyper = '') => `model ${name}${hyper}(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {\n  return relu(x)\n}\n`;

useFolderForEach(() => {
  mkdirSync('app');
  process.chdir('app');
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

async function archc(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  const code = await main(args, {
    env: {},
    out: {
      isTerminal: false,
      columns: undefined,
      write: (data) => {
        out += data;
      },
    },
    err: {
      isTerminal: false,
      columns: undefined,
      write: (data) => {
        err += data;
      },
    },
  });
  return { code, out, err };
}

function builds(): Readonly<Record<string, object>> {
  return JSON.parse(readFileSync('archc.json', 'utf8')).builds;
}

describe('archc init', () => {
  test('writes an example to an empty folder that can be checked, built, costed and run', async () => {
    expect(await archc('init')).toEqual({
      code: 0,
      out: '',
      err: 'wrote lenet.arch, an example\nwrote archc.json with 1 build: lenet\nnext: `archc build`, or `archc run lenet` to see it run\n',
    });
    expect(builds()).toEqual({ lenet: { model: 'lenet.arch', out: 'dist/lenet.onnx' } });
    expect((await archc('check')).err).toBe('checked 1 build\n');
    expect((await archc('build')).err).toMatch(/^dist\/lenet\.onnx: \d+ KB, 61,706 parameters/);
    expect((await archc('cost')).out).toContain('61,706');
    expect((await archc('run', 'lenet')).code).toBe(0);
  });

  test('the example is formatted', () => {
    expect(format('lenet.arch', exampleText).text).toBe(exampleText);
  });

  test('writes a build for each model in this folder and below it', async () => {
    write({
      'b.arch': model('B'),
      'src/two.arch': model('Left') + model('Right'),
      'src/b.arch': model('Other'),
      'src/größe 1.arch': model('G'),
      'lib/layers.arch': 'layer L()(x: Tensor[N]) -> (y: Tensor[N]) {\n  return x\n}\n',
      'node_modules/p/p.arch': model('P'),
      '.cache/c.arch': model('C'),
    });
    expect((await archc('init')).err).toContain('wrote archc.json with 5 builds: b, b-2, gr-e-1, two-Left, two-Right\n');
    expect(builds()).toEqual({
      b: { model: 'b.arch', out: 'dist/b.onnx' },
      'b-2': { model: 'src/b.arch', out: 'dist/b-2.onnx' },
      'gr-e-1': { model: 'src/größe 1.arch', out: 'dist/gr-e-1.onnx' },
      'two-Left': { model: 'src/two.arch', name: 'Left', out: 'dist/two-Left.onnx' },
      'two-Right': { model: 'src/two.arch', name: 'Right', out: 'dist/two-Right.onnx' },
    });
    expect((await archc('build', '--quiet')).code).toBe(0);
    expect(existsSync('dist/two-Right.onnx')).toBe(true);
  });

  test('says which models need values, and writes builds that work for the rest', async () => {
    write({ 'open.arch': model('Open', '(D: int)'), 'wrong.arch': model('Wrong').replace('relu', 'rellu') });
    const { code, err } = await archc('init');
    expect(code).toBe(0);
    expect(err).toContain('open has hyperparameters without a value');
    expect(Object.keys(builds())).toEqual(['open', 'wrong']);
    expect((await archc('check', 'open')).code).toBe(2);
  });

  test('leaves out files that cannot be read, and says so', async () => {
    write({ 'a.arch': model('A'), 'b\\c.arch': model('B'), 'broken.arch': 'model {' });
    writeFileSync('bytes.arch', Uint8Array.of(0xff));
    const { err } = await archc('init');
    expect(err).toContain('b\\c.arch is left out: its name has a backslash');
    expect(err).toContain('bytes.arch is left out: cannot read bytes.arch: it is not UTF-8 text');
    expect(err).toContain('broken.arch is left out: it has mistakes, which `archc check broken.arch` shows');
    expect(Object.keys(builds())).toEqual(['a']);
  });

  test('does not follow links to folders', async () => {
    write({ 'a.arch': model('A') });
    symlinkSync('.', 'loop');
    await archc('init');
    expect(Object.keys(builds())).toEqual(['a']);
  });

  test('names the schema of the nearest package', async () => {
    write({ 'node_modules/archc/archc.schema.json': '{}', 'inner/a.arch': model('A') });
    process.chdir('inner');
    await archc('init');
    expect(JSON.parse(readFileSync('archc.json', 'utf8')).$schema).toBe('../node_modules/archc/archc.schema.json');
    process.chdir('..');
    await archc('init');
    expect(JSON.parse(readFileSync('archc.json', 'utf8')).$schema).toBe('./node_modules/archc/archc.schema.json');
  });

  test.each([
    ['words', ['here'], {}, '`archc init` takes no arguments'],
    ['another project file', [], { 'archc.json': '{}' }, 'archc.json already exists'],
    ['files without models', [], { 'a.arch': 'let a = 1\n' }, 'no model in 1 file of this folder'],
  ])('refuses %s, and changes nothing', async (_, words, files, message) => {
    write(files);
    expect(await archc('init', ...words)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
    expect(existsSync('archc.json') ? readFileSync('archc.json', 'utf8') : '{}').toBe('{}');
    expect(existsSync('lenet.arch')).toBe(false);
  });

  test('does not propose to run a model that has mistakes', async () => {
    write({ 'a.arch': 'model A(x: Tensor[N, 4]) -> (y: Tensor[N, 5]) {\n  return x\n}\n', 'b.arch': model('B') });
    const { err } = await archc('init');
    expect(err).toContain('a.arch has mistakes, which `archc check a.arch` shows');
    expect(err).toContain('`archc run b` to see it run');
  });

  test('refuses a folder or a link of that name', async () => {
    symlinkSync('nowhere', 'archc.json');
    expect((await archc('init')).err).toContain('archc.json is not a file');
    rmSync('archc.json');
    mkdirSync('archc.json');
    expect((await archc('init')).err).toContain('archc.json is not a file');
  });
});
