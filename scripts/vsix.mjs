// Writes editors/vscode/archc-VERSION.vsix, the extension for VS Code, without a network: `npm run vsix` builds dist/ first. The same
// sources give the same bytes. `node scripts/vsix.mjs --unpacked FOLDER` writes the files into a folder instead, for a development host.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { licenses } from './licenses.mjs';
import { contentTypes, vsixManifest } from './vsix-manifest.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = join(root, 'editors/vscode');

/** The files of the extension by their paths in its folder, sorted. */
export async function extensionFiles() {
  const files = new Map();
  const add = (to, from) => files.set(to, readFileSync(from));
  const addFolder = (to, from, accepts = () => true) => {
    for (const path of filesUnder(from)) if (accepts(path)) add(posix.join(to, path), join(from, path));
  };
  for (const name of ['package.json', 'language-configuration.json']) add(name, join(home, name));
  files.set('README.md', Buffer.from(readme()));
  for (const name of ['icons', 'syntaxes', 'walkthrough']) addFolder(name, join(home, name));
  add('LICENSE.txt', join(root, 'LICENSE'));
  add('archc.schema.json', join(root, 'archc.schema.json'));
  const { outputs, texts } = await bundles();
  for (const [path, bytes] of outputs) files.set(path, bytes);
  files.set('THIRD-PARTY-LICENSES.txt', Buffer.from(texts));
  await addServer(add, addFolder, files);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The page of the extension. VS Code shows only pictures that have an address: those of the documentation in the package archc. */
function readme() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return readFileSync(join(home, 'README.md'), 'utf8').replaceAll('](../../docs/', `](https://unpkg.com/archc@${version}/docs/`);
}

/** The extension itself, for the desktop and for the web. */
async function bundles() {
  const common = {
    bundle: true,
    format: 'cjs',
    target: 'es2022',
    minify: true,
    keepNames: true,
    external: ['vscode'],
    legalComments: 'none',
    metafile: true,
    write: false,
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    absWorkingDir: root,
    logLevel: 'warning',
  };
  const entry = (name) => ({ [name]: `editors/vscode/src/${name}.ts` });
  const parts = [
    await build({ ...common, platform: 'node', entryPoints: entry('extension') }),
    await build({ ...common, platform: 'browser', conditions: ['browser'], entryPoints: entry('extension-web') }),
  ];
  const outputs = parts.flatMap(({ outputFiles }) => outputFiles.map(({ path, contents }) => [slashes(relative(root, path)), contents]));
  return {
    outputs,
    texts: licenses(
      'The archc extension',
      parts.map(({ metafile }) => metafile),
    ),
  };
}

/** The parts of the package archc that its language server and the commands of the extension need. */
async function addServer(add, addFolder, files) {
  const dist = join(root, 'dist');
  if (!existsSync(join(dist, 'archc.cjs'))) throw new Error('dist/archc.cjs is missing: run `npm run build` first');
  const { name, version, license, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  files.set('server/package.json', Buffer.from(`${JSON.stringify({ name, version, license, type, private: true }, null, 2)}\n`));
  for (const file of ['archc.cjs', 'THIRD-PARTY-LICENSES.txt', ...loadedBy(dist, 'run-child.js')])
    add(`server/dist/${file}`, join(dist, file));
  for (const file of ['lsp-worker.js', 'graph-view.js', 'graph-view.css'])
    if (existsSync(join(dist, file))) add(`server/dist/${file}`, join(dist, file));
  addFolder('server/dist/cli', join(dist, 'cli'));
  addFolder('server/stdlib', join(root, 'stdlib'));
  addFolder('server/docs/errors', join(root, 'docs/errors'));
}

/** A module of dist/ and those that it imports. */
function loadedBy(dist, entry) {
  const found = new Set([entry]);
  for (const file of found) {
    for (const [, target] of readFileSync(join(dist, file), 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g))
      found.add(posix.join(posix.dirname(file), target));
  }
  return [...found];
}

/** The bytes of the .vsix file. */
export function vsixOf(files) {
  const manifest = JSON.parse(Buffer.from(files.get('package.json')).toString('utf8'));
  const entries = [
    ['extension.vsixmanifest', Buffer.from(vsixManifest(manifest, [...files.keys()]))],
    ['[Content_Types].xml', Buffer.from(contentTypes([...files.keys()]))],
    ...[...files].map(([path, bytes]) => [`extension/${path}`, bytes]),
  ];
  // The local time zone does not count: zip files have local times.
  return zipSync(Object.fromEntries(entries), { level: 9, mtime: new Date(1980, 0, 1, 0, 0, 0) });
}

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => slashes(relative(folder, join(entry.parentPath, entry.name))))
    .sort();
}

function slashes(path) {
  return path.replaceAll('\\', '/');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = await extensionFiles();
  const [option, folder] = process.argv.slice(2);
  if (option === '--unpacked' && folder !== undefined) {
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    console.log(`wrote ${files.size} files to ${folder}`);
  } else {
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    const bytes = vsixOf(files);
    writeFileSync(join(home, `archc-${version}.vsix`), bytes);
    console.log(`wrote editors/vscode/archc-${version}.vsix: ${files.size} files, ${Math.round(bytes.length / 1024)} KB`);
  }
  if (!files.has('server/dist/lsp-worker.js')) console.log('without a language server for the web: dist/lsp-worker.js is missing');
}
