import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModuleFolder } from '../module/written-modules.js';

let folder: ModuleFolder;
beforeAll(() => {
  folder = new ModuleFolder();
});
afterAll(() => folder.remove());

interface Bundled {
  /** The compressed bytes that are loaded with the page, and those that are loaded when they are used. */
  readonly first: number;
  readonly later: number;
  /** The sources of both. */
  readonly firstInputs: readonly string[];
  readonly inputs: readonly string[];
  /** The packages that remain imported. */
  readonly packages: readonly string[];
}

/** Bundles a program that imports the built package, as an app does. */
async function bundled(program: string, options: BuildOptions): Promise<Bundled> {
  const { metafile, outputFiles } = await build({
    ...options,
    stdin: { contents: program, resolveDir: folder.path },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    outdir: 'bundle',
    write: false as const,
    metafile: true as const,
    absWorkingDir: folder.path,
    external: ['onnxruntime-web', 'onnxruntime-node'],
    logLevel: 'error',
  });
  const { outputs } = metafile;
  const sizes = new Map(outputFiles.map(({ path, contents }) => [basename(path), gzipSync(contents, { level: 9 }).length]));
  const start = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === '<stdin>') ?? expect.fail();
  const first = new Set([start]);
  for (const file of first)
    for (const { path, kind, external } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && external !== true) first.add(path);
  const sum = (files: readonly string[]) => files.reduce((total, file) => total + (sizes.get(basename(file)) ?? 0), 0);
  const all = Object.keys(outputs);
  const inputsOf = (files: readonly string[]) => [...new Set(files.flatMap((file) => Object.keys(outputs[file]?.inputs ?? {})))];
  return {
    first: sum([...first]),
    later: sum(all.filter((file) => !first.has(file))),
    firstInputs: inputsOf([...first]),
    inputs: inputsOf(all),
    packages: [
      ...new Set(all.flatMap((file) => (outputs[file]?.imports ?? []).flatMap(({ path, external }) => (external === true ? [path] : [])))),
    ].sort(),
  };
}

const runs = "import { Model, tensor } from 'archc/runtime'; globalThis.used = [Model, tensor];";
const trains = "import { Model, Trainer, tensor } from 'archc/runtime'; globalThis.used = [Model, Trainer, tensor];";
const page: BuildOptions = { platform: 'browser' };

test('what a page loads to run or train a model, without ONNX Runtime', async () => {
  const [running, training] = [await bundled(runs, page), await bundled(trains, page)];
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`;
  console.log(
    `archc/runtime, compressed: ${kilobytes(running.first)} to run a model, at most ${kilobytes(training.first + training.later)} to train one`,
  );
  expect(running.first).toBeLessThan(35_000);
  expect(training.first + training.later).toBeLessThan(85_000);
});

describe('neither package of ONNX Runtime is in the bundle of the other side', () => {
  const web = ['onnxruntime-web/jspi', 'onnxruntime-web/wasm', 'onnxruntime-web/webgpu'];

  test.each<[string, BuildOptions]>([
    ['a page', page],
    ['an edge worker', { platform: 'neutral', conditions: ['worker', 'browser'] }],
  ])('for %s', async (_, options) => {
    for (const program of [runs, trains]) {
      const { packages, inputs } = await bundled(program, options);
      expect(packages).toEqual(web);
      expect(inputs.filter((file) => /onnxruntime|\/dist\/runtime\.js$/.test(file))).toEqual([]);
    }
  });

  test('for a server', async () => {
    const { packages, inputs } = await bundled(trains, { platform: 'node' });
    expect(packages.filter((name) => !name.startsWith('node:'))).toEqual(['onnxruntime-node']);
    expect(inputs.filter((file) => /onnxruntime|runtime-browser/.test(file))).toEqual([]);
  });
});

test('a page that only runs a model loads neither the trainer nor the decoder of ONNX files', async () => {
  const { firstInputs } = await bundled(runs, page);
  expect(firstInputs.length).toBeGreaterThan(3);
  const text = firstInputs.map((file) => (file === '<stdin>' ? '' : readFileSync(join(folder.path, file), 'utf8'))).join('');
  expect(text).toContain('RunningModel');
  for (const name of ['RunningTrainer', 'TrainingState', 'readVarint32']) expect(text).not.toContain(name);
});
