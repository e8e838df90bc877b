// VS Code for tests: the npm package `code-server`, in the cache of the user, where later runs find it. It needs npm, a C++ compiler and
// Python, and about 0.8 GB.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const version = '4.139.1';
/** The version of Node that it runs on. */
const node = '24';

/** The programs that run VS Code. They are installed if they are not there. */
export async function installation() {
  const cache =
    process.env.ARCHC_VSCODE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'archc', `code-server-${version}`);
  const nodePackage = `node-${process.platform}-${process.arch}`;
  const packages = join(cache, 'node_modules');
  const program = { node: join(packages, nodePackage, 'bin/node'), entry: join(packages, 'code-server/out/node/entry.js') };
  const complete = join(cache, 'complete');
  if (existsSync(complete)) return program;
  console.log(`installing VS Code in ${cache}, which takes some minutes`);
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'package.json'), '{ "private": true }\n');
  const npm = (folder, ...args) => run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], folder);
  await npm(cache, 'install', '--ignore-scripts', `code-server@${version}`, `${nodePackage}@${node}`);
  const inner = join(packages, 'code-server/lib/vscode');
  await npm(inner, 'install', '--ignore-scripts', '--omit=dev');
  // Of the native modules without a binary for each platform, only this one is needed.
  await npm(inner, 'rebuild', '@vscode/spdlog', `--nodedir=${join(packages, nodePackage)}`);
  writeFileSync(complete, '');
  return program;
}

/** Runs a program to its end; what it writes is shown only if it fails. */
export function run(file, args, cwd) {
  return new Promise((done, failed) => {
    const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = [];
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => texts.push(text));
    child.once('error', failed);
    child.once('close', (code) => {
      if (code === 0) done(texts.join(''));
      else failed(new Error(`${file} ${args.join(' ')} ended with ${code}:\n${texts.join('')}`));
    });
  });
}
