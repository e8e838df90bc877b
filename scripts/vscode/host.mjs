// VS Code with the extension, on a copy of a workspace, in a browser without a window.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { run } from './installation.mjs';

const browserPath = process.env.ARCHC_CHROMIUM ?? '/usr/bin/chromium';

/** Starts VS Code with these extensions, each a `.vsix` file; `place` is a folder for what it writes. */
export async function startHost({ program, place, vsix, workspace, settings, env = {} }) {
  const [user, extensions] = [join(place, 'user'), join(place, 'extensions')];
  mkdirSync(join(user, 'User'), { recursive: true });
  mkdirSync(extensions, { recursive: true });
  writeFileSync(join(user, 'User/settings.json'), JSON.stringify(settings, undefined, 2));
  const folders = ['--user-data-dir', user, '--extensions-dir', extensions, '--config', join(place, 'config.yaml')];
  await run(program.node, [program.entry, ...folders, ...vsix.flatMap((file) => ['--install-extension', file])], place);
  const port = await freePort();
  const options = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check'];
  const quiet = ['--disable-workspace-trust', '--disable-getting-started-override'];
  const child = spawn(program.node, [program.entry, ...folders, ...options, ...quiet, workspace], {
    cwd: place,
    stdio: 'pipe',
    env: { ...process.env, ...env },
  });
  const log = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => log.push(text));
  const address = `http://127.0.0.1:${port}/`;
  await answers(address, child, log);
  return { url: `${address}?folder=${encodeURIComponent(workspace)}`, log, stop: () => child.kill() };
}

/** A page of the browser that shows VS Code. */
export async function openPage(url, { width = 1400, height = 900 } = {}) {
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(120_000);
  await page.goto(url);
  await page.waitForSelector('.monaco-workbench');
  return { page, close: () => browser.close() };
}

async function answers(address, child, log) {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`VS Code ended:\n${log.join('')}`);
    const response = await fetch(address).catch(() => undefined);
    if (response?.ok) return;
    await wait(200);
  }
  throw new Error(`VS Code does not answer:\n${log.join('')}`);
}

function freePort() {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}
