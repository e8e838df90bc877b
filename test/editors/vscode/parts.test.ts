import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildsOf, isBuildName } from '../../../editors/vscode/src/project.js';
import { chooseServer, type ServerSituation } from '../../../editors/vscode/src/server-choice.js';
import {
  bindOption,
  endsDocumentation,
  entriesIn,
  forTerminal,
  literal,
  missingPackage,
  modelsIn,
  runSummary,
  withAbsolutePath,
} from '../../../editors/vscode/src/text.js';
import { examples } from '../../syntax/corpus.js';

describe('the archc that is run', () => {
  const situation: ServerSituation = { isTrusted: true, path: '', workspaceFolders: ['/a', '/b'], bundled: '/ext/server' };
  const chosen = (given: Partial<ServerSituation>, ...files: string[]) =>
    chooseServer({ ...situation, ...given }, { isFile: (path) => files.includes(path), join: posix.join, resolve: posix.resolve });
  const bundled = '/ext/server/dist/archc.cjs';
  const own = '/b/node_modules/archc/dist/archc.cjs';

  test('is that of the setting, a folder or a file, absolute or in the first workspace folder', () => {
    expect(chosen({ path: '/x' }, '/x/dist/archc.cjs', own, bundled)).toEqual({
      kind: 'found',
      script: '/x/dist/archc.cjs',
      origin: 'setting',
    });
    expect(chosen({ path: 'tools/archc.cjs' }, '/a/tools/archc.cjs', bundled)).toMatchObject({ script: '/a/tools/archc.cjs' });
  });

  test('is not another one if that of the setting does not exist', () => {
    expect(chosen({ path: '/x' }, own, bundled)).toEqual({ kind: 'missing', path: '/x' });
  });

  test('is that of a workspace folder, or else that of the extension', () => {
    expect(chosen({}, own, bundled)).toEqual({ kind: 'found', script: own, origin: 'workspace' });
    expect(chosen({}, bundled)).toEqual({ kind: 'found', script: bundled, origin: 'bundled' });
    expect(chosen({})).toEqual({ kind: 'missing', path: bundled });
  });

  test('is that of the extension in an untrusted workspace, whatever there is', () => {
    for (const path of ['', '/x', 'tools/archc.cjs'])
      expect(chosen({ isTrusted: false, path }, '/x/dist/archc.cjs', '/a/tools/archc.cjs', own, bundled)).toMatchObject({
        script: bundled,
      });
  });
});

describe('builds', () => {
  test('are read from archc.json', () => {
    const text = '{ "builds": { "web": { "model": "a.arch", "target": "webgpu" }, "cpu-1": { "model": "b.arch" } } }';
    expect(buildsOf(text)).toEqual([
      { name: 'web', model: 'a.arch', target: 'webgpu' },
      { name: 'cpu-1', model: 'b.arch', target: 'portable' },
    ]);
  });

  test.each([
    '',
    '{',
    'null',
    '[]',
    '{ "builds": [] }',
    '{ "builds": { "--set": { "model": "a.arch" }, "$(x)": { "model": "a.arch" }, "a": {}, "b": null } }',
  ])('that archc would reject are left out: %s', (text) => {
    expect(buildsOf(text)).toEqual([]);
  });

  test('have names that cannot be options, icons or paths', () => {
    expect(['web', '_a-1', '0'].every(isBuildName)).toBe(true);
    expect(['', '-w', '--set', 'a b', 'a/b', 'a.arch', '$(x)', 'a\n'].some(isBuildName)).toBe(false);
  });
});

describe('models and entries of a source', () => {
  test('are found in the examples', () => {
    const whisper = examples.find(({ name }) => name === 'whisper')?.text ?? '';
    expect(modelsIn(whisper)).toEqual(['Whisper']);
    expect(entriesIn(whisper, 'Whisper')).toEqual(['encode', 'step']);
    expect(entriesIn(whisper, 'Encoder')).toEqual([]);
    expect(entriesIn(whisper, undefined)).toEqual([]);
  });

  test('are not found in comments and other words', () => {
    expect(modelsIn('# model A\nmodel B = C(3)\nlet model_size = 3\nmodels = 3\n')).toEqual(['B']);
  });
});

test('lines of `--format short` get absolute paths, other lines stay', () => {
  const absolute = (line: string) => withAbsolutePath(line, (path) => posix.resolve('/w', path));
  expect(absolute('a b.arch:1:2: error[shape-mismatch]: x')).toBe('/w/a b.arch:1:2: error[shape-mismatch]: x');
  expect(absolute('../c.arch:1:2: warning[unused-let]: d.arch:3:4: error[x]')).toBe(
    '/c.arch:1:2: warning[unused-let]: d.arch:3:4: error[x]',
  );
  expect(absolute('m.onnx: 254 KB')).toBe('m.onnx: 254 KB');
});

test('a terminal gets no control characters', () => {
  expect(forTerminal('a\u001b[31mb\r\n\tc\u0007\u009bd\n')).toBe('a[31mb\r\n\tcd\r\n');
});

test('messages have no links and icons from files', () => {
  expect(literal('[x](command:y) $(trash)')).toBe('[x] (command:y) $ (trash)');
});

test('sizes are given only if they are sizes', () => {
  expect(bindOption('N=1,step.T=128')).toEqual(['--bind', 'N=1,step.T=128']);
  for (const text of ['', 'N', 'N=', 'N=1,', '--set x', 'N=1 --weights a', 'N=-1', 'N=1\n']) expect(bindOption(text)).toEqual([]);
});

test('a line break ends documentation at an empty `##` below it', () => {
  expect(endsDocumentation('  ## ', '  ## Text.')).toBe(true);
  expect(endsDocumentation('##', '## Text.')).toBe(true);
  for (const [line, above] of [
    ['## Text', '## Text.'],
    ['##', ''],
    ['##', undefined],
    ['# ', '## Text.'],
    ['', '## Text.'],
  ] as const)
    expect(endsDocumentation(line, above)).toBe(false);
});

test('a run is told in one line', () => {
  const stdout = 'logits  f32  [4, 10]  min -0.16  max 0.03  mean -0.06  [-0.1, ...]\nloss  f32  []  0.5\n';
  const stderr = 'input image: f32 [4, 1, 28, 28]\nlatency 0.24 ms (median of 10, 0.18 to 0.93) on cpu, loaded in 62 ms\n';
  expect(runSummary(stdout, stderr)).toBe('image [4, 1, 28, 28] -> logits [4, 10], loss [], median 0.24 ms on cpu');
  expect(runSummary('', '')).toBe('done');
});

test('the package that a run needs is read from its message', () => {
  const message =
    'archc: `archc run` needs the package onnxruntime-node\n  = help: install it beside archc: `npm install onnxruntime-node`\n';
  expect(missingPackage(message)).toBe('onnxruntime-node');
  expect(missingPackage('archc: cannot read m.arch\n')).toBeUndefined();
});
