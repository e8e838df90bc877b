/// <reference types="node" />
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ArchcOptions, Environment } from '../../src/api/bundler.js';
import { runtimeRange } from '../../src/bundler/build-id.js';
import { type BuiltImport, Cache } from '../../src/bundler/cache.js';
import { checkOptions } from '../../src/bundler/check-options.js';
import { ImportBuilder, type ImportOutcome } from '../../src/bundler/import-builder.js';
import { type ImportRequest, importRequest } from '../../src/bundler/import-request.js';
import { safetensorsOf } from '../kit/digit-files.js';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archc-builder-'));
  write('package.json', '{}');
  write('src/part.arch', 'layer Part(x: Tensor[N, 4]) -> Tensor[N, 2] { return x -> fc: Linear(2, bias = false) }\n');
  write('src/m.arch', 'import { Part } from "./part.arch"\nmodel M(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) { return x -> p: Part }\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

function write(name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
}

function weights(value: number): Uint8Array {
  return safetensorsOf({ 'p.fc.weight': { dtype: 'f32', shape: [2, 4], data: new Float32Array(8).fill(value) } });
}

function request(id = 'src/m.arch'): ImportRequest {
  return importRequest(at(id)) ?? expect.fail(`${id} does not import a model`);
}

function build(options: ArchcOptions = {}, id?: string, environment: Environment = 'client'): Promise<ImportOutcome> {
  return new ImportBuilder(options, folder).build(request(id), environment);
}

async function built(options: ArchcOptions = {}, id?: string, environment?: Environment): Promise<BuiltImport> {
  const { built: found, problems } = await build(options, id, environment);
  return found ?? expect.fail(problems.map(({ message }) => message).join('\n'));
}

const keyOf = async (...args: Parameters<typeof built>) => (await built(...args)).key;
const onnxOf = ({ folder: place }: BuiltImport) => readFileSync(join(place, 'm.onnx'));
const kept = () => readdirSync(at('node_modules/.cache/archc/models'));

describe('what has been built is found again', () => {
  test('by its content: sources, also imported ones, and options', async () => {
    const first = await keyOf();
    expect(new ImportBuilder({}, folder).find(request(), 'client')?.built?.key).toBe(first);
    const keys = [
      first,
      await keyOf({ seed: 1 }),
      await keyOf({ models: { 'src/m.arch': { seed: 2 } } }),
      await keyOf({}, 'src/m.arch', 'server'),
      await keyOf({ target: { client: 'webgpu' } }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(await keyOf({ models: { 'src/other.arch': { seed: 3 } } })).toBe(first);
    write('src/part.arch', 'layer Part(x: Tensor[N, 4]) -> Tensor[N, 2] { return x -> fc: Linear(2, bias = false) -> relu }\n');
    expect(new ImportBuilder({}, folder).find(request(), 'client')).toBeUndefined();
    expect(keys).not.toContain(await keyOf());
    // The older result is still there, as when a branch is checked out again.
    write('src/part.arch', 'layer Part(x: Tensor[N, 4]) -> Tensor[N, 2] { return x -> fc: Linear(2, bias = false) }\n');
    expect(new ImportBuilder({}, folder).find(request(), 'client')?.built?.key).toBe(first);
  });

  test('with the weights, whose time alone changes nothing', async () => {
    write('w.safetensors', weights(1));
    const options = { weights: 'w.safetensors' };
    const first = await built(options);
    utimesSync(at('w.safetensors'), new Date(), new Date(1));
    expect(new ImportBuilder(options, folder).find(request(), 'client')?.built?.key).toBe(first.key);
    write('w.safetensors', weights(2));
    const second = await built(options);
    expect(onnxOf(second).equals(onnxOf(first))).toBe(false);
  });

  test('in a project that was moved', async () => {
    const first = await keyOf();
    const before = folder;
    folder = mkdtempSync(join(tmpdir(), 'archc-moved-'));
    const { cpSync } = await import('node:fs');
    cpSync(before, folder, { recursive: true });
    rmSync(before, { recursive: true });
    expect(new ImportBuilder({}, folder).find(request(), 'client')?.built?.key).toBe(first);
  });

  test('unless a file is damaged: then it is built again', async () => {
    const first = await built();
    const bytes = onnxOf(first);
    writeFileSync(
      join(first.folder, 'm.onnx'),
      bytes.map((byte, i) => (i === 20 ? byte ^ 1 : byte)),
    );
    const again = await built();
    expect([again.key, onnxOf(again).equals(bytes)]).toEqual([first.key, true]);
    writeFileSync(join(first.folder, 'entry.json'), '{');
    expect(onnxOf(await built()).equals(bytes)).toBe(true);
  });

  test('by several builds at once', async () => {
    const keys = await Promise.all(Array.from({ length: 4 }, () => keyOf()));
    expect(new Set(keys).size).toBe(1);
    expect(kept()).toEqual([keys[0]]);
  });

  test('until nobody has used it for two weeks', async () => {
    const first = await built();
    const old = new Date(Date.now() - 15 * 24 * 60 * 60 * 1000);
    utimesSync(join(first.folder, 'entry.json'), old, old);
    const second = await built({ seed: 1 });
    expect(kept()).toEqual([second.key]);
    const cache = new Cache(at('node_modules/.cache/archc'), folder);
    expect(cache.find('0')).toBeUndefined();
  });

  test('the same bytes each time', async () => {
    const first = onnxOf(await built());
    rmSync(at('node_modules'), { recursive: true });
    expect(onnxOf(await built()).equals(first)).toBe(true);
  });
});

describe('archc.json', () => {
  const project = (builds: object) => write('archc.json', JSON.stringify({ builds }));

  test('decides, below the options and the query', async () => {
    project({ web: { model: 'src/m.arch', seed: 7 } });
    const { files } = await build();
    expect(files).toContain(at('archc.json'));
    const plain = onnxOf(await built({ project: false }));
    expect(onnxOf(await built()).equals(plain)).toBe(false);
    expect(onnxOf(await built({ seed: 0 })).equals(plain)).toBe(true);
  });

  test('may have a build for each side, or more', async () => {
    project({ web: { model: 'src/m.arch', target: 'webgpu' }, server: { model: 'src/m.arch', target: 'cpu', out: 'server.onnx' } });
    expect((await build()).problems).toEqual([]);
    expect((await build({}, 'src/m.arch', 'server')).problems).toEqual([]);
    project({ web: { model: 'src/m.arch', target: 'webgpu' }, small: { model: 'src/m.arch', target: 'wasm', out: 'small.onnx' } });
    const { problems } = await build();
    expect(problems.map(({ message }) => message)).toEqual([
      'archc.json has several builds of src/m.arch: choose one with `?build=web` after the import or the option `build`; there are web, small',
    ]);
    expect((await build({}, 'src/m.arch?build=small')).problems).toEqual([]);
    const [wrong] = (await build({ build: 'smal' })).problems;
    expect(wrong?.message).toBe('archc.json has no build `smal` of src/m.arch; did you mean `small`?');
  });

  test('shows its own mistakes, and files that are missing, at their places', async () => {
    write('archc.json', '{ "builds": {\n  "web": { "model": "src/m.arch", "sed": 1 } } }');
    const [unknown] = (await build()).problems;
    expect(unknown?.message).toMatch(/^unknown-project-key: /);
    expect(unknown?.place).toMatchObject({ file: at('archc.json'), line: 2, column: 34 });
    write('archc.json', '{ "builds": {\n  "web": { "model": "src/m.arch", "weights": "w.safetensors" } } }');
    const { problems, files } = await build();
    expect(problems[0]?.message).toMatch(/^weights-file: cannot read .*: there is no such file/);
    expect(problems[0]?.place).toMatchObject({ file: at('src/m.arch'), line: 2 });
    expect(JSON.stringify(problems.map(({ message, frame }) => [message, frame]))).not.toContain(folder);
    // The file is watched, although it does not exist.
    expect(files).toContain(at('w.safetensors'));
  });
});

describe('mistakes', () => {
  test('have places, frames and all files to watch, also those that are missing', async () => {
    write('src/m.arch', 'import { Part } from "./gone.arch"\nmodel M(x: Tensor[N, 4]) -> (y: Tensor[N, 2]) { return x }\n');
    const { built: none, problems, files } = await build();
    expect(none).toBeUndefined();
    expect(problems.map(({ message }) => message.replace(/:.*/s, ''))).toContain('result-mismatch');
    expect(problems[0]?.place).toMatchObject({ file: at('src/m.arch'), line: 1 });
    expect(problems[0]?.frame).toContain('--> src/m.arch:1:');
    expect(files).toEqual(expect.arrayContaining([at('src/m.arch'), at('src/gone.arch')]));
  });

  test('of options are said in words', async () => {
    write('w.txt', 'no weights');
    const message = async (options: object) => (await build(options)).problems.map(({ message }) => message).join();
    expect(await message({ weights: 'gone.safetensors' })).toMatch(/cannot read .*gone\.safetensors: there is no such file/);
    expect(await message({ target: 'gpu' })).toContain('archc writes for the targets');
    expect(await message({ train: 'Fit' })).toMatch(/^unknown-train: /);
    expect((await build({}, 'src/gone.arch')).problems.length).toBe(1);
  });

  test.each([
    [{ weigths: 'w' }, 'the plugin of archc has no option `weigths`; did you mean `weights`?'],
    [{ models: { 'm.arch': { dts: true } } }, '`models` of the plugin of archc for m.arch has no option `dts`'],
    [{ target: { page: 'wasm' } }, '`target` of the plugin of archc has no option `page`'],
    [{ environment: 'node' }, "`environment` of the plugin of archc is 'client' or 'server', not \"node\""],
  ])('of options that do not exist: %j', (options, message) => {
    expect(() => checkOptions(options as ArchcOptions)).toThrow(message);
  });

  test('one of several models is chosen in the query', async () => {
    write(
      'src/two.arch',
      'model A(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return relu(x) }\nmodel B(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return tanh(x) }\n',
    );
    expect((await build({}, 'src/two.arch')).problems[0]?.message).toMatch(/^several-models: /);
    expect((await built({}, 'src/two.arch?model=B')).contents.model.name).toBe('B');
  });

  test('queries are read', () => {
    expect(importRequest('/a/m.arch?raw')).toBeUndefined();
    expect(importRequest('/a/m.archive')).toBeUndefined();
    expect(importRequest('/a/m.arch?import&t=17')).toMatchObject({ file: '/a/m.arch', kind: 'module', train: undefined });
    expect(importRequest('/a/m.arch?url&entry=step')).toMatchObject({ kind: 'url', entry: 'step' });
  });

  test('warnings come with the model, also from the cache', async () => {
    write('src/m.arch', 'import { Part } from "./part.arch"\nmodel M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) { return x }\n');
    for (let i = 0; i < 2; i++) {
      const { built: found, problems } = await build();
      expect(found).toBeDefined();
      expect(problems.map(({ severity, message }) => [severity, message.replace(/:.*/s, '')])).toEqual([['warning', 'unused-import']]);
    }
  });
});

test('the range of ONNX Runtime is that of the package', () => {
  const { peerDependencies } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  expect(new Set([peerDependencies['onnxruntime-node'], peerDependencies['onnxruntime-web']])).toEqual(new Set([runtimeRange]));
});
