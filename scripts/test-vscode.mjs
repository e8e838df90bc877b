// Tests the extension in VS Code itself: `npm run test:vscode`. The first run installs VS Code. Options: `--host node` or `--host web` tests
// only one of the hosts of extensions; `--pictures FOLDER` writes what is seen at the end; `--keep` leaves what VS Code wrote.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { openPage, startHost } from './vscode/host.mjs';
import { installation } from './vscode/installation.mjs';
import { extensionFiles, vsixOf } from './vsix.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = join(root, 'test/vscode-host');
/** Milliseconds that all checks in one host may take. */
const longest = 600_000;

const { values } = parseArgs({ options: { host: { type: 'string' }, pictures: { type: 'string' }, keep: { type: 'boolean' } } });
const hosts = values.host === undefined ? ['node', 'web'] : [values.host];
const program = await installation();
if (values.pictures) mkdirSync(values.pictures, { recursive: true });
const place = mkdtempSync(join(tmpdir(), 'archc-vscode-'));
let failures = 0;
try {
  const vsix = [join(place, 'archc.vsix'), join(place, 'checks.vsix')];
  writeFileSync(vsix[0], vsixOf(await extensionFiles()));
  writeFileSync(vsix[1], vsixOf(await driverFiles()));
  for (const host of hosts) failures += await test(host, vsix);
} finally {
  if (values.keep) console.log(`kept ${place}`);
  else rmSync(place, { recursive: true, force: true });
}
console.log(failures === 0 ? 'everything works' : `${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;

/** Does all checks in one host; the result is the number of failures. */
async function test(host, vsix) {
  const own = join(place, host);
  const workspace = join(own, 'workspace');
  prepareWorkspace(workspace);
  const env = { ARCHC_DRAWS: existsSync(join(root, 'src/cli/commands/graph.ts')) ? '1' : '' };
  const running = await startHost({ program, place: own, vsix, workspace, settings: settingsFor(host), env });
  try {
    const { page, close } = await openPage(running.url);
    try {
      const { version, results, ...found } = await resultsIn(join(workspace, '.results/results.json'), page);
      console.log(`\nVS Code ${version}, extensions in the ${found.host} host`);
      const all = [...results, { name: 'the extensions are in this host', ...(found.host === host ? {} : { error: found.host }) }];
      all.push(await statusBar(page));
      for (const { name, ms, error, value } of all) {
        const shown = typeof value === 'string' ? value : JSON.stringify(value);
        console.log(`${error === undefined ? 'ok  ' : 'FAIL'} ${name}${ms === undefined ? '' : ` (${ms} ms)`}`);
        if (error !== undefined) console.log(`     ${error.replaceAll('\n', '\n     ')}`);
        else if (process.env.ARCHC_VERBOSE && shown) console.log(`     ${shown.replaceAll('\n', '\n     ').slice(0, 800)}`);
      }
      return all.filter(({ error }) => error !== undefined).length;
    } finally {
      if (values.pictures) await page.screenshot({ path: join(values.pictures, `end-${host}.png`) });
      await close();
    }
  } finally {
    running.stop();
  }
}

function settingsFor(host) {
  const web = { 'remote.extensionKind': { 'archc.archc': ['web'], 'archc.archc-checks': ['web'] } };
  return {
    'workbench.startupEditor': 'none',
    'editor.codeLens': true,
    'files.autoSave': 'off',
    'git.enabled': false,
    ...(process.env.ARCHC_TRACE ? { 'archc.server.trace': 'verbose' } : {}),
    'telemetry.telemetryLevel': 'off',
    ...(host === 'web' ? web : {}),
  };
}

/** The sample, with weights whose last layer is too narrow. */
function prepareWorkspace(workspace) {
  cpSync(join(sources, 'workspace'), workspace, { recursive: true });
  mkdirSync(join(workspace, 'weights'));
  mkdirSync(join(workspace, '.results'));
  const header = JSON.stringify({ 'head.weight': { dtype: 'F32', shape: [10, 500], data_offsets: [0, 20_000] } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(join(workspace, 'weights/digits.safetensors'), Buffer.concat([length, Buffer.from(header), Buffer.alloc(20_000)]));
}

/** The extension that does the checks, as the files of a `.vsix`. */
async function driverFiles() {
  const bundle = (platform) =>
    build({
      entryPoints: [join(sources, 'driver/extension.ts')],
      bundle: true,
      platform,
      format: 'cjs',
      external: ['vscode'],
      write: false,
    });
  const [node, web] = [await bundle('node'), await bundle('browser')];
  const manifest = {
    name: 'archc-checks',
    displayName: 'Checks of archc',
    description: 'Checks the extension archc.',
    publisher: 'archc',
    version: '0.0.1',
    license: 'MIT',
    icon: 'icon.png',
    galleryBanner: { color: '#000000', theme: 'dark' },
    categories: ['Other'],
    keywords: [],
    engines: { vscode: '^1.101.0' },
    extensionKind: ['workspace'],
    main: './node.cjs',
    browser: './web.cjs',
    activationEvents: ['onStartupFinished'],
  };
  return new Map([
    ['package.json', Buffer.from(JSON.stringify(manifest))],
    ['README.md', Buffer.from('# Checks\n')],
    ['LICENSE.txt', readFileSync(join(root, 'LICENSE'))],
    ['icon.png', readFileSync(join(root, 'editors/vscode/icons/archc.png'))],
    ['node.cjs', Buffer.from(node.outputFiles[0].contents)],
    ['web.cjs', Buffer.from(web.outputFiles[0].contents)],
  ]);
}

/** What the checks found, as soon as all are done. */
async function resultsIn(file, page) {
  let latest;
  for (const end = Date.now() + longest; Date.now() < end; await wait(300)) {
    if (!existsSync(file)) continue;
    try {
      latest = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      // It is being written.
    }
    if (latest?.done) return latest;
    await agree(page);
  }
  if (values.pictures) await page.screenshot({ path: join(values.pictures, 'stuck.png') });
  throw new Error(`the checks did not end; the last one that did is ${latest?.results.at(-1)?.name ?? 'none'}`);
}

/** VS Code asks before it changes imports in other files. */
async function agree(page) {
  const button = page.locator('.monaco-dialog-box .monaco-button', { hasText: 'OK' });
  if ((await button.count()) > 0) await button.first().click();
}

/** What the status bar shows in the end: the chosen build, and that the server runs. */
async function statusBar(page) {
  const name = 'status bar';
  const wanted = 'archc: web';
  try {
    const item = page.locator('[id="archc.archc.archc.status"]');
    const text = (await item.textContent({ timeout: 20_000 })).trim();
    if (text !== wanted) return { name, error: `wanted ${wanted}, found ${text}` };
    const running = await item.locator('.codicon-check').count();
    return running === 1 ? { name, value: text } : { name, error: 'the server does not run' };
  } catch (error) {
    return { name, error: String(error) };
  }
}
