// Builds dist/: the command line, the library for Node and bundlers, one file for the browser, and the types.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { loaderEntries, withUnplugin } from './bundle-unplugin.mjs';
import { embedStandardLibrary } from './embed-stdlib.mjs';
import { licenses } from './licenses.mjs';
import { withParserOnly } from './parser-only.mjs';
import { prepare, withDecisions, withTrees } from './prepare.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const started = performance.now();
process.chdir(root);
embedStandardLibrary();
rmSync('dist', { recursive: true, force: true });

const common = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  define: { ARCHC_VERIFIES_PASSES: 'undefined' },
  metafile: true,
  logLevel: 'warning',
  // One byte per character, which V8 reads faster.
  charset: 'ascii',
};
const { decisions, trees } = await prepare();
const bundlers = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'];

// The library is split, so that its entry points share their code. Node prints the line in which an error was thrown, and the names of classes: both stay readable.
const node = await build({
  ...common,
  minify: false,
  minifySyntax: true,
  platform: 'node',
  entryPoints: {
    'run-child': 'src/cli/run/child.ts',
    'train-child': 'src/cli/train/child.ts',
    index: 'src/index.ts',
    node: 'src/node.ts',
    runtime: 'src/runtime.ts',
    'runtime-worker': 'src/runtime-worker.ts',
    ...Object.fromEntries(bundlers.map((name) => [name, `src/bundler/${name}.ts`])),
    ...loaderEntries,
    register: 'src/register.ts',
    'register-hooks': 'src/register-hooks.ts',
    'register-child': 'src/register-child.ts',
  },
  outdir: 'dist',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  external: ['onnxruntime-node'],
  define: { ...common.define, ARCHC_SOURCES: JSON.stringify(sourcesHash(['src', 'grammar', 'stdlib'])) },
  plugins: [withParserOnly(), withDecisions(decisions), withUnplugin()],
});
const browser = await build({
  ...common,
  platform: 'browser',
  entryPoints: ['src/index.ts'],
  outfile: 'dist/browser.js',
  plugins: [withParserOnly(), withDecisions(decisions)],
});
// What only some pages need, such as the trainer, is in files of its own, which are loaded when it is used.
const runtime = await build({
  ...common,
  keepNames: true,
  platform: 'browser',
  splitting: true,
  chunkNames: 'chunks/browser-[name]-[hash]',
  entryPoints: { 'runtime-browser': 'src/runtime-browser.ts', 'runtime-browser-worker': 'src/runtime-browser-worker.ts' },
  outdir: 'dist',
  external: ['onnxruntime-web'],
});
const chunks = readdirSync('dist/chunks').filter((name) => name.startsWith('browser-'));
keepNativeImports(['dist/runtime-browser.js', 'dist/runtime-browser-worker.js', ...chunks.map((name) => `dist/chunks/${name}`)]);
const languageServer = await build({
  ...common,
  platform: 'browser',
  format: 'iife',
  entryPoints: { 'lsp-worker': 'src/lsp-worker.ts' },
  outdir: 'dist',
  plugins: [withParserOnly(), withDecisions(decisions)],
});
// What a page or a webview that shows a model runs; `archc graph` puts it into the pages that it writes.
const graphView = await build({
  ...common,
  format: 'iife',
  platform: 'browser',
  entryPoints: { 'graph-view': 'src/graph-view/page/main.ts' },
  outdir: 'dist',
});
writeFileSync('dist/graph-view.css', await graphViewStyle());
const commandLine = await buildCommandLine();
chmodSync('dist/archc.cjs', 0o755);

execFileSync(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
keepReachable('dist/types', [
  ...['src/index.d.ts', 'src/node.d.ts', 'src/runtime.d.ts'],
  ...bundlers.map((name) => `src/bundler/${name}.d.ts`),
]);
writeFileSync(
  'dist/THIRD-PARTY-LICENSES.txt',
  licenses('archc', [node.metafile, commandLine.metafile, browser.metafile, runtime.metafile, languageServer.metafile, graphView.metafile]),
);

const kilobytes = (file) => `${Math.round(statSync(file).size / 1024)} KB`;
console.log(
  `built dist/ in ${Math.round(performance.now() - started)} ms: index.js ${kilobytes('dist/index.js')}, browser.js ${kilobytes('dist/browser.js')}, runtime-browser.js ${kilobytes('dist/runtime-browser.js')}`,
);

/**
 * The command line. Each command is in files of its own, so that it loads only what it needs. Only ES modules can be split; the files are
 * translated into CommonJS, which starts faster.
 */
async function buildCommandLine() {
  const { outputFiles, metafile } = await build({
    ...common,
    platform: 'node',
    entryPoints: { archc: 'src/cli/bin.ts' },
    outdir: 'dist',
    splitting: true,
    chunkNames: 'cli/[name]-[hash]',
    outExtension: { '.js': '.cjs' },
    external: ['onnxruntime-node'],
    plugins: [withParserOnly(), withDecisions(decisions), withTrees()],
    write: false,
  });
  mkdirSync('dist/cli/stdlib', { recursive: true });
  for (const { path, text } of outputFiles) {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: common.target,
      minify: true,
      charset: 'ascii',
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': 'importMetaUrl' },
    });
    const needsPlace = code.includes('importMetaUrl');
    const banner = `'use strict';${needsPlace ? "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" : ''}`;
    const [start = ''] = /^#!.*\n/.exec(code) ?? [];
    writeFileSync(path, start + banner + code.slice(start.length));
  }
  for (const [path, tree] of trees) writeFileSync(`dist/cli/${path.replace('std/', 'stdlib/')}.json`, JSON.stringify(tree));
  return { metafile };
}

/** The style sheet for `dist/graph-view.js`, in a page that `archc graph` has not written. */
async function graphViewStyle() {
  const { outputFiles } = await build({ ...common, entryPoints: ['src/graph-view/page-style.ts'], write: false });
  const { pageStyle } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
  return pageStyle;
}

/** Tells bundlers to leave imports of what a program names at run time as they are. Whoever minifies a program drops comments, so they are added afterwards. */
function keepNativeImports(files) {
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll(/\bimport\((\w+)\)/g, 'import(/* webpackIgnore: true */ /* @vite-ignore */ $1)'));
  }
}

/** The hash of all files in these folders: what the caches of the plugins are for. */
function sourcesHash(folders) {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const path of entries.map((entry) => join(entry.parentPath, entry.name)).sort())
      hash.update(`${path}\n`).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Deletes the declarations that no entry point leads to: internals are private. */
function keepReachable(folder, entries) {
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const [, target] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g)) {
      visit(join(dirname(file), `${target}.d.ts`));
    }
  };
  for (const entry of entries) visit(join(folder, entry));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && !reached.has(file)) rmSync(file);
  }
}
