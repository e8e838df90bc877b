import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMemoryHost, defaultLimits, HostError, type JsonPart, optionsOf, readProject } from '../../src/index.js';
import type { BuildFileOptions } from '../../src/node.js';
import { buildKeys } from '../../src/project/keys.js';
import { projectSchema } from '../../src/project/schema.js';
import { samplesUnder } from '../errors/sample.js';
import { isValid } from '../kit/json-schema.js';

const full = {
  $schema: './node_modules/archc/archc.schema.json',
  builds: {
    web: {
      model: '../src/bert.arch',
      name: 'Bert',
      out: 'dist/',
      target: 'webgpu',
      set: { D: 256, rope: { theta: 5e5 }, act: 'gelu' },
      config: 'config.json',
      bind: { N: 1, 'step.T': 128 },
      entry: 'encode',
      train: 'Finetune',
      gradients: true,
      with: ['mask'],
      tap: ['layers[*].attn'],
      dtype: 'f16',
      io: 'f32',
      opset: 23,
      optimize: 2,
      quantize: 'int4 on fc1, f16 on rest',
      denyFallback: true,
      weights: '/weights/model.safetensors',
      frozenWeights: { teacher: 'large.safetensors' },
      map: { 'model.*': '*', 'a*': 'b*' },
      skipMismatch: true,
      seed: 7,
      externalData: 'always',
      copyWeights: true,
      emit: ['onnx', 'js', 'dts'],
      strict: true,
    },
    small_2: { model: 'mlp.arch', strict: false },
  },
};

/** Reads a file `app/archc.json`. */
function read(text: string, others: Readonly<Record<string, string>> = {}) {
  return readProject('app/archc.json', createMemoryHost({ 'app/archc.json': text, ...others }));
}

describe('a project file', () => {
  const text = JSON.stringify(full, undefined, 2);
  const { project, diagnostics, failed, sources } = read(text);

  test('without mistakes has its builds in order', () => {
    expect({ diagnostics, failed, path: project?.path }).toEqual({ diagnostics: [], failed: false, path: 'app/archc.json' });
    expect(project?.builds.map(({ name }) => name)).toEqual(['web', 'small_2']);
    expect(sources.get('app/archc.json')).toBe(text);
  });

  test('gives every option of the library, with paths that are relative to the file', () => {
    const [web, small] = project?.builds ?? [];
    const { setIn, writtenIn, ...options } = web?.options ?? {};
    expect(web).toMatchObject({ file: 'src/bert.arch', out: 'app/dist/bert.onnx', config: 'app/config.json' });
    const { model: _, name, out, set, config, ...rest } = full.builds.web;
    expect(options).toEqual({
      ...rest,
      model: name,
      frozenWeights: { teacher: 'app/large.safetensors' },
    } satisfies Omit<BuildFileOptions, 'emit' | 'target' | 'dtype' | 'io' | 'externalData' | 'optimize'>);
    expect(Object.keys(options.map ?? {})).toEqual(['model.*', 'a*']);
    const valueIn = ({ text: all, start, end }: JsonPart): unknown => JSON.parse(all.slice(start, end));
    expect(setIn && valueIn(setIn)).toEqual(set);
    const { entry, train, quantize, bind } = rest;
    expect(Object.fromEntries(Object.entries(writtenIn ?? {}).map(([key, part]) => [key, valueIn(part)]))).toEqual({
      entry,
      train,
      quantize,
      bind,
    });
    expect(small).toMatchObject({ file: 'app/mlp.arch', out: 'app/mlp.onnx', config: undefined, options: { strict: false } });
  });

  test('has a value for each key in these tests', () => {
    expect(Object.keys(full.builds.web).sort()).toEqual([...buildKeys].sort());
  });

  test('may begin with a byte order mark', () => {
    expect(read(`\uFEFF${text}`).project).toEqual(project);
  });

  test('that does not exist is a HostError', () => {
    expect(() => readProject('archc.json', createMemoryHost({}))).toThrow(new HostError('archc.json does not exist'));
  });

  test('may have any number of mistakes, but reports only a limited number', () => {
    const builds = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`b${i}`, { modle: 'm.arch' }]));
    const { diagnostics: found, project: none } = read(JSON.stringify({ builds }));
    expect(found).toHaveLength(defaultLimits.diagnostics + 1);
    expect(none).toBeUndefined();
  });

  test('cannot have a module without the files that it loads', () => {
    const { diagnostics: found } = read('{ "builds": { "web": { "model": "m.arch", "emit": ["js", "dts"] } } }');
    expect(found.map(({ message }) => message)).toEqual([
      '"emit" must be a list with "onnx" where it has "js": the module loads the files, not an array of 2',
    ]);
  });

  test('keeps the keys of `set` and `map` as they are written', () => {
    const odd = '{ "builds": { "__proto__": { "model": "m.arch", "map": { "__proto__": "a", "constructor": "b" } } } }';
    const [build] = read(odd).project?.builds ?? [];
    expect(build?.name).toBe('__proto__');
    expect(Object.entries(build?.options.map ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });
});

test('optionsOf reads the file of `config`', () => {
  const files = { 'app/config.json': '{ "hidden_size": 8 }' };
  const host = createMemoryHost(files);
  const [build] = read('{ "builds": { "web": { "model": "m.arch", "config": "config.json" } } }').project?.builds ?? [];
  if (build === undefined) throw new Error('there is a build');
  expect(optionsOf(build, host)).toEqual({ config: '{ "hidden_size": 8 }', configFile: 'app/config.json' });
  expect(() => optionsOf(build, createMemoryHost({}))).toThrow(new HostError('app/config.json does not exist'));
});

describe('the JSON schema', () => {
  const schema = projectSchema();

  test('is the archc.schema.json of the package', async () => {
    const path = resolve(import.meta.dirname, '../../archc.schema.json');
    await expect(`${JSON.stringify(schema, undefined, 2)}\n`).toMatchFileSnapshot(path);
  });

  test('accepts what archc accepts', () => {
    expect(isValid(full, schema)).toBe(true);
    const folder = resolve(import.meta.dirname, '../../examples');
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('archc.json')))
      expect(isValid(JSON.parse(readFileSync(join(folder, name), 'utf8')), schema), name).toBe(true);
  });

  const samples = samplesUnder(resolve(import.meta.dirname, '../errors'));
  /** The codes that a schema cannot cover: JSON syntax, and what depends on several builds, on the model or on other files. */
  const beyond = ['bad-json', 'build-file', 'settings-too-large', 'shared-output', 'setting-kind', 'unknown-setting'];
  const refused = samples.filter(({ code, expect: { project } }) => project !== undefined && !beyond.includes(code));

  test.each(refused.map(({ id, expect: { project = '' } }) => [id, project]))('refuses what archc refuses: %s', (_, text) => {
    expect(isValid(JSON.parse(text), schema)).toBe(false);
  });

  test('is tested with each of the codes', () => {
    expect(new Set(refused.map(({ code }) => code))).toEqual(
      new Set(['unknown-project-key', 'project-value', 'missing-project-key', 'build-name']),
    );
  });
});
