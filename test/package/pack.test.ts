import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const model = 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 4]) {\n  return x -> fc: Linear(4) -> relu\n}\n';

let folder = '';
let files: readonly string[] = [];

/** Runs a program in the folder where the package is installed. */
function run(command: string, ...args: string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_PATH: '' } });
  return { code: status, out: stdout, err: stderr };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archc-pack-'));
  const packed = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root, encoding: 'utf8' }),
  );
  // npm 11 gives a list, newer ones an object by package name.
  const [report] = Array.isArray(packed) ? packed : Object.values(packed);
  files = report.files.map((file: { path: string }) => file.path);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  writeFileSync(join(folder, 'm.arch'), model);
  // Offline: everything that archc needs is in the tarball.
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${report.filename}`], { cwd: folder, stdio: 'pipe' });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the package', () => {
  test('holds what is needed and nothing of the workshop', () => {
    for (const file of [
      'dist/archc.cjs',
      'dist/index.js',
      'dist/node.js',
      'dist/browser.js',
      'dist/run-child.js',
      'dist/train-child.js',
      'dist/runtime.js',
      'dist/runtime-worker.js',
      'dist/runtime-browser.js',
      'dist/runtime-browser-worker.js',
      'dist/graph-view.js',
      ...['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild', 'register'].map((name) => `dist/${name}.js`),
      'dist/chunks/webpack/loaders/load.js',
      'dist/chunks/rspack/loaders/load.js',
      'client.d.ts',
      'dist/graph-view.css',
      'dist/types/src/index.d.ts',
      'dist/types/src/node.d.ts',
      'dist/types/src/runtime.d.ts',
    ]) {
      expect(files).toContain(file);
    }
    for (const file of [
      'README.md',
      'archc.schema.json',
      'LICENSE',
      'CHANGELOG.md',
      'docs/errors/shape-mismatch.md',
      'dist/THIRD-PARTY-LICENSES.txt',
      'stdlib/layers.arch',
    ]) {
      expect(files).toContain(file);
    }
    expect(files.filter((file) => /^(?:src|test|scripts|bench|grammar|node_modules|\.)/.test(file))).toEqual([]);
    expect(existsSync(join(folder, 'node_modules/chevrotain'))).toBe(false);
  });

  test('holds every page that the messages, the README and the pages themselves speak of', () => {
    const pages = files.filter((file) => file.endsWith('.md'));
    const dangling = pages.flatMap((page) => {
      const text = readFileSync(join(folder, 'node_modules/archc', page), 'utf8');
      const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => join(dirname(page), target));
      return targets.filter((target) => !existsSync(join(folder, 'node_modules/archc', target))).map((target) => `${page}: ${target}`);
    });
    expect(dangling).toEqual([]);
    const said = run('npx', 'archc', '--help').out.match(/docs\/[\w-]+\.md/g) ?? [];
    expect(said.length).toBeGreaterThan(0);
    for (const page of said) expect(files).toContain(page);
  });

  test('runs with npx: version, check, build, explain', () => {
    expect(run('npx', 'archc', '--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^archc \d+\.\d+\.\d+\n$/) });
    expect(run('npx', 'archc', 'check', 'm.arch')).toMatchObject({ code: 0, out: '' });
    expect(run('npx', 'archc', 'm.arch', '-o', 'm.onnx').code).toBe(0);
    expect(readFileSync(join(folder, 'm.onnx')).length).toBeGreaterThan(100);
    expect(run('npx', 'archc', 'explain', 'unknown-name').out).toMatch(/^# unknown-name/);
  });

  test('draws a model as a page', () => {
    expect(run('npx', 'archc', 'graph', 'm.arch', '-o', 'm.html').code).toBe(0);
    expect(readFileSync(join(folder, 'm.html'), 'utf8')).toContain('id="archc-graph"');
  });

  test('says what to install where ONNX Runtime is missing', () => {
    const { code, err } = run('npx', 'archc', 'run', 'm.arch');
    expect(code).toBe(2);
    expect(err).toContain('`archc run` needs the package onnxruntime-node');
    expect(err).toContain('npm install onnxruntime-node');
  });

  test('is a library for Node', () => {
    writeFileSync(
      join(folder, 'use.js'),
      "import { compile } from 'archc';\nimport { createNodeHost } from 'archc/node';\nconsole.log(compile('m.arch', createNodeHost()).model.name);\n",
    );
    expect(run('node', 'use.js')).toEqual({ code: 0, out: 'M\n', err: '' });
  });

  test('has a runtime, which says what to install where ONNX Runtime is missing', () => {
    writeFileSync(
      join(folder, 'runtime.js'),
      "import { readFileSync } from 'node:fs';\nimport { Session } from 'archc/runtime';\nawait Session.load(readFileSync('m.onnx')).catch(({ name, message }) => console.log(name, message));\n",
    );
    const { code, out, err } = run('node', 'runtime.js');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^SessionError the package onnxruntime-node is needed, and cannot be loaded: install it, or give the module as the option `ort`/,
    );
  });

  test('has types that TypeScript finds', () => {
    mkdirSync(join(folder, 'typed'), { recursive: true });
    writeFileSync(
      join(folder, 'typed/use.ts'),
      "import { check, type Diagnostic } from 'archc';\nconst host = { read: () => 'x', resolve: (s: string) => s };\nexport const found: readonly Diagnostic[] = check('a', host).diagnostics;\n// @ts-expect-error: a path is a string\ncheck(3, host);\n",
    );
    writeFileSync(
      join(folder, 'typed/train.ts'),
      `import { Trainer, TrainingError, type TrainingManifest } from 'archc/runtime';
export async function train(manifest: TrainingManifest): Promise<Uint8Array> {
  await using trainer: Trainer = await Trainer.load('files', manifest, { lr: 1e-3 });
  const { loss } = await trainer.step({ image: [[1, 2]], labels: new Int32Array(1) });
  trainer.lr = loss / 2;
  const [state] = trainer.manifest.train.signature.states;
  if (state?.start.kind === 'stored') throw new TrainingError({ kind: 'no-batches' });
  // @ts-expect-error: a batch has tensors
  await trainer.step({ image: 'x' });
  await trainer.save('checkpoint.safetensors');
  return trainer.exportModel();
}
`,
    );
    const options = {
      compilerOptions: {
        strict: true,
        noEmit: true,
        module: 'NodeNext',
        moduleResolution: 'NodeNext',
        target: 'ES2022',
        lib: ['ES2023'],
        types: [],
      },
      files: ['use.ts', 'train.ts'],
    };
    writeFileSync(join(folder, 'typed/tsconfig.json'), JSON.stringify(options));
    expect(run(process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', 'typed')).toEqual({ code: 0, out: '', err: '' });
  });

  test('needs no module of Node outside the command line and archc/node', () => {
    const dist = join(folder, 'node_modules/archc/dist');
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(file, 'utf8');
      expect(text, file).not.toMatch(/from\s*["'](?:node:|fs|path)/);
      for (const [, target = ''] of text.matchAll(/(?:from|import)\s*["'](\.[^"']+)["']/g)) visit(join(file, '..', target));
    };
    visit(join(dist, 'index.js'));
    visit(join(dist, 'browser.js'));
  });
});
