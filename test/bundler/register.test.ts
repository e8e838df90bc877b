/// <reference types="node" />
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Project } from './kit/project.js';

describe('node --import archc/register', () => {
  let project: Project;
  const first = expect.closeTo(-0.0692961, 6);
  const run = (...args: readonly string[]) => {
    const { code, out, err } = project.run(args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  };

  beforeAll(() => {
    project = new Project();
  });

  afterAll(() => project.remove());

  test('imports models, with the files in the cache', () => {
    const result = [{ shape: [2, 10], first, files: ['digits.onnx'] }];
    expect(run('--import', 'archc/register', 'src/main.js')).toEqual(result);
    const models = join(project.path, 'node_modules/.cache/archc/models');
    const [key = '', ...others] = readdirSync(models);
    expect(others).toEqual([]);
    // An entry that is damaged is built again.
    const file = join(models, key, 'digits.onnx');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(1));
    expect(run('--import', 'archc/register', 'src/main.js')).toEqual(result);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  test('knows queries and packages', () => {
    const url = expect.stringMatching(/^file:.*\.cache\/archc\/models\/\w+\/digits\.onnx$/);
    expect(run('--import', 'archc/register', 'src/queries.js')).toEqual([
      { url, files: ['digits.onnx'], name: 'Digits', size: expect.any(Number), head: 8 },
      { loss: expect.any(Number) },
    ]);
    expect(run('--import', 'archc/register', 'src/other.js')).toEqual([{ shape: [1, 3] }]);
  });

  test.each([
    ['tsx', 'archc/register'],
    ['archc/register', 'tsx'],
  ])('works with `--import %s --import %s`', (one, other) => {
    project.write('src/typed.ts', "import './main.js';\nconst one: number = 1;\nconsole.log(one);\n");
    expect(run('--import', one, '--import', other, 'src/typed.ts')).toEqual([{ shape: [2, 10], first, files: ['digits.onnx'] }, 1]);
  });

  test('works in worker threads', () => {
    project.write('src/thread.js', "import { Worker } from 'node:worker_threads';\nnew Worker(new URL('./main.js', import.meta.url));\n");
    expect(run('--import', 'archc/register', 'src/thread.js')).toEqual([{ shape: [2, 10], first, files: ['digits.onnx'] }]);
  });

  test('says what is wrong and where, without a stack', () => {
    const { code, err } = project.run(['--import', 'archc/register', 'src/broken.js']);
    expect(code).toBe(1);
    expect(err).toContain('unknown-name: there is nothing called `Hea` here\n  --> src/broken.arch:5:21\n');
    expect(err).toContain('result-mismatch');
    expect(err).not.toMatch(/^\s+at /m);
  });

  test('leaves the errors of others alone', () => {
    project.write('src/missing.js', "import './missing.txt';\n");
    expect(project.run(['--import', 'archc/register', 'src/missing.js']).err).toContain('ERR_MODULE_NOT_FOUND');
  });
});
