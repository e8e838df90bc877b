/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../../kit/chromium.js';

const dist = resolve(import.meta.dirname, '../../../dist');

/** Serves the page, its script and the worker of the package. */
async function serve(): Promise<Server> {
  const { outputFiles } = await build({ entryPoints: [join(import.meta.dirname, 'page.ts')], bundle: true, write: false, format: 'iife' });
  const files: Readonly<Record<string, readonly [string, string | Uint8Array]>> = {
    '/': ['text/html', '<!doctype html><meta charset="utf-8"><title>archc</title><body><script src="/page.js"></script>'],
    '/page.js': ['text/javascript', outputFiles[0]?.contents ?? ''],
    '/worker.js': ['text/javascript', readFileSync(join(dist, 'lsp-worker.js'))],
  };
  const server = createServer(({ url = '/' }, response) => {
    const [type, body] = files[url] ?? ['text/plain', ''];
    response.writeHead(files[url] === undefined ? 404 : 200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  return server;
}

describe.runIf(hasChromium)('CodeMirror, with the server in a web worker', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    server = await serve();
    browser = await launchChromium();
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(`${error}`));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const text = () => page.evaluate('view.state.doc.toString()');

  it('underlines a mistake, and says what it is', async () => {
    const mark = page.locator('.cm-lintRange-error');
    await mark.waitFor({ timeout: 20_000 });
    expect(await mark.textContent()).toBe('Liner');
    await mark.hover();
    await page.locator('.cm-diagnostic').first().waitFor();
    expect(await page.locator('.cm-diagnostic').first().textContent()).toContain('Liner');
    await page.mouse.move(0, 0);
  });

  it('takes the mistake away when it is repaired', async () => {
    await page.evaluate(
      "view.dispatch({ changes: { from: view.state.doc.toString().indexOf('Liner'), to: view.state.doc.toString().indexOf('Liner') + 5, insert: 'Linear' } })",
    );
    await page.locator('.cm-lintRange-error').waitFor({ state: 'detached', timeout: 20_000 });
  });

  it('shows signatures under the mouse', async () => {
    await page.getByText('Linear', { exact: false }).first().waitFor();
    const place = (await page.evaluate(
      "(() => { const at = view.coordsAtPos(view.state.doc.toString().indexOf('Linear') + 2); return [at.left, at.top + 4]; })()",
    )) as [number, number];
    await page.mouse.move(...place);
    const hover = page.locator('.cm-lsp-hover-tooltip, .cm-tooltip-hover');
    await hover.first().waitFor({ timeout: 10_000 });
    expect(await hover.first().textContent()).toContain('layer Linear(out: int');
    await page.mouse.move(0, 0);
  });

  it('renames', async () => {
    await page.evaluate("view.dispatch({ selection: { anchor: view.state.doc.toString().indexOf('x:') } })");
    const edit = await page.evaluate(
      "client.request('textDocument/rename', { textDocument: { uri }, position: { line: 0, character: 10 }, newName: 'image' })",
    );
    expect(edit).toEqual({
      changes: {
        'memory:///net.arch': [
          { range: { start: { line: 0, character: 10 }, end: { line: 0, character: 11 } }, newText: 'image' },
          { range: { start: { line: 1, character: 9 }, end: { line: 1, character: 10 } }, newText: 'image' },
        ],
      },
    });
  });

  it('formats', async () => {
    await page.evaluate("view.dispatch({ changes: { from: view.state.doc.toString().indexOf('  return'), insert: '      ' } })");
    await page.evaluate('client.sync()');
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Alt+Shift+F');
    await expect.poll(text).toBe('model Net(x: Tensor[N, 4]) -> (y: Tensor[N, 3]) {\n  return x -> fc: Linear(3)\n}\n');
    expect(problems).toEqual([]);
  });
});
