/// <reference types="node" />
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { htmlOf } from '../../src/graph-view/html.js';
import { layout } from '../../src/graph-view/layout.js';
import { svgOf } from '../../src/graph-view/svg.js';
import { createMemoryHost, type ModelView, view as makeView } from '../../src/index.js';
import { hasChromium, launchChromium } from '../kit/chromium.js';
import { viewed } from './examples.js';

const script = readFileSync(resolve(import.meta.dirname, '../../dist/graph-view.js'), 'utf8');
const style = readFileSync(resolve(import.meta.dirname, '../../dist/graph-view.css'), 'utf8');

const hostile = `## <script>document.title = 'hacked'</script>
model Evil(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {
  # </script><script>document.title = 'hacked'</script><img src=x onerror="document.title = 'hacked'">
  return x -> "</script><script>document.title='hacked'</script>": Linear(4) -> "<img src=x onerror=alert(1)>": Linear(4)   # </script><script>alert(1)</script>
}
`;

describe.runIf(hasChromium)('the page of a model', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let folder = '';
  let problems: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'archc-page-'));
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    problems = [];
    requests.length = 0;
    context = await browser.newContext({ viewport: { width: 1200, height: 800 }, colorScheme: 'light' });
    page = await context.newPage();
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
  });

  /** No message, no violation of the policy, no request but the page itself and its own pictures. */
  afterEach(async () => {
    await context.close();
    expect(problems).toEqual([]);
    expect(requests.filter((url) => !/^(?:file|blob):/.test(url))).toEqual([]);
  });

  async function open(view: ModelView): Promise<void> {
    const path = join(folder, 'page.html');
    writeFileSync(path, htmlOf(view, script));
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector('g.block');
  }

  const block = (id: string) => page.locator(`g.block[data-id="${id}"]`);
  const count = () => page.locator('g.block').count();

  test('expands a layer by a click, and collapses it by a click on its head', async () => {
    await open(viewed('transformer', { depth: 0 }).view);
    const closed = await count();
    // All of the model is seen: a click scrolls nothing.
    await page.keyboard.press('0');
    const encoder = block('forward/encoder');
    expect(await encoder.getAttribute('aria-expanded')).toBe('false');
    const before = await encoder.locator('> .box').boundingBox();
    await encoder.locator('> .box').click();
    expect(await encoder.getAttribute('aria-expanded')).toBe('true');
    expect(await count()).toBeGreaterThan(closed + 8);
    const after = await encoder.locator('> .frame').boundingBox();
    expect(Math.abs(after!.y - before!.y)).toBeLessThan(2);
    expect(await page.locator('aside h2').textContent()).toContain('encoder');
    await encoder.locator('> .band').click();
    expect(await count()).toBe(closed);
  });

  test('shows what is known about a block', async () => {
    await open(viewed('lenet').view);
    await block('forward/conv2').click();
    const text = await page.locator('aside').textContent();
    for (const part of [
      'conv2',
      'Conv2d',
      '[N, 6, 14, 14]',
      '[N, 16, 10, 10]',
      '2,416',
      '482 K*N',
      'conv2.weight [16, 6, 5, 5]',
      '-> conv2: Conv2d(16, kernel = 5)',
    ])
      expect(text).toContain(part);
    await page.keyboard.press('Escape');
    expect(await page.locator('aside').isVisible()).toBe(false);
    await block('forward/conv2').click();
    await page.locator('aside .close').click();
    expect(await page.locator('aside').isVisible()).toBe(false);
  });

  test('finds a layer in a closed one', async () => {
    await open(viewed('llama', { depth: 0 }).view);
    expect(await block('forward/model.layers.0/self_attn/q_proj').count()).toBe(0);
    await page.keyboard.press('/');
    await page.keyboard.type('q_pr');
    await page.waitForSelector('#found li');
    expect(await page.locator('#found li').first().textContent()).toContain('q_proj');
    await page.keyboard.press('Enter');
    const found = block('forward/model.layers.0/self_attn/q_proj');
    expect(await found.getAttribute('class')).toContain('selected');
    const [box, stage] = [await found.boundingBox(), await page.locator('.stage').boundingBox()];
    expect(box!.x).toBeGreaterThanOrEqual(stage!.x);
    expect(box!.y + box!.height).toBeLessThanOrEqual(stage!.y + stage!.height);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-id'))).toBe('forward/model.layers.0/self_attn/q_proj');
  });

  test('works with the keyboard alone', async () => {
    await open(viewed('transformer', { depth: 0 }).view);
    const closed = await count();
    const place = () => page.locator('.stage svg').evaluate((svg) => (svg as SVGSVGElement).style.transform);
    await block('forward/encoder').focus();
    await page.keyboard.press('Enter');
    expect(await block('forward/encoder').getAttribute('aria-expanded')).toBe('true');
    expect(await page.locator('[role=status]').textContent()).toBe('encoder is expanded');
    await page.keyboard.press(' ');
    expect(await count()).toBe(closed);
    for (const key of ['+', '-', '0', 'ArrowLeft', 'ArrowDown']) {
      const before = await place();
      await page.keyboard.press(key);
      if (key !== '0') expect(await place(), key).not.toBe(before);
    }
    await page.keyboard.press('h');
    expect(await page.getByText('Heat').getAttribute('aria-pressed')).toBe('false');
    await page.keyboard.press('t');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
  });

  test('zooms with the wheel at the pointer, and pans by dragging without choosing', async () => {
    await open(viewed('unet', { depth: 0 }).view);
    const box = () => block('forward/mid').boundingBox();
    const before = (await box())!;
    await page.mouse.move(before.x + before.width / 2, before.y + before.height / 2);
    await page.mouse.wheel(0, -300);
    const larger = (await box())!;
    expect(larger.width).toBeGreaterThan(before.width * 1.3);
    expect(Math.abs(larger.x + larger.width / 2 - (before.x + before.width / 2))).toBeLessThan(3);
    await page.mouse.down();
    await page.mouse.move(before.x + 80, before.y + 60, { steps: 4 });
    await page.mouse.up();
    expect((await box())!.x).not.toBe(larger.x);
    expect(await page.locator('aside').isVisible()).toBe(false);
  });

  test('saves what it shows as SVG and as PNG', async () => {
    const { view } = viewed('lenet');
    await open(view);
    const [svg] = await Promise.all([page.waitForEvent('download'), page.getByText('SVG').click()]);
    expect(svg.suggestedFilename()).toBe('LeNet.svg');
    const text = readFileSync(await svg.path(), 'utf8');
    expect(text).toBe(svgOf(view, layout(view, new Set(view.expanded)), { theme: 'light' }).svg);
    const [png] = await Promise.all([page.waitForEvent('download'), page.getByText('PNG').click()]);
    const bytes = readFileSync(await png.path());
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(bytes.readUInt32BE(16)).toBe(2 * Number(/ width="(\d+)"/.exec(text)?.[1]));
    // A picture without its style would be nearly empty.
    expect(bytes.length).toBeGreaterThan(20_000);
  });

  test('text of the source is never markup', async () => {
    const { view, diagnostics } = makeView('evil.arch', createMemoryHost({ 'evil.arch': hostile }));
    expect(diagnostics).toEqual([]);
    await open(view!);
    for (const each of await page.locator('g.block').all()) await each.click({ position: { x: 4, y: 4 } });
    await page.keyboard.press('/');
    await page.keyboard.type('script');
    await page.waitForSelector('#found li');
    expect(await page.title()).toBe('Evil – archc');
    expect(await page.locator('img, script:not([id])').count()).toBe(1);
    await page.keyboard.press('Escape');
  });

  test('only the script of the page runs in it', async () => {
    await open(viewed('lenet').view);
    const blocked = await page.evaluate(async () => {
      const violation = new Promise<string>((resolve) =>
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true }),
      );
      const added = document.createElement('script');
      added.textContent = "document.title = 'ran'";
      document.body.append(added);
      return violation;
    });
    expect(blocked).toMatch(/^script-src/);
    expect(await page.title()).not.toBe('ran');
    expect(problems.splice(0).join()).toContain('Content Security Policy');
  });

  test('texts are no wider than their boxes', async () => {
    const { view } = viewed('transformer');
    await open(view);
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll<SVGGElement>('g.block.closed')].flatMap((drawn) => {
        const room = drawn.querySelector('rect')!.getBoundingClientRect().width;
        return [...drawn.querySelectorAll('text')]
          .filter((text) => text.getBoundingClientRect().width > room - 4)
          .map((text) => text.textContent);
      }),
    );
    expect(wide).toEqual([]);
  });

  /** The page as VS Code shows it, with the rules that it adds to every page. */
  async function openInEditor(): Promise<void> {
    const path = join(folder, 'webview.html');
    const added =
      '@layer vscode-default { body { padding: 0 20px } code { color: red; background-color: black; padding: 1px 3px; border-radius: 4px } }';
    writeFileSync(
      path,
      `<!doctype html><style>${added}</style><style>${style}</style><script>window.sent = []; window.acquireVsCodeApi = () => ({ postMessage: (message) => sent.push(message) });</script><body><script>${script.replaceAll('</script', '<\\/script')}</script>`,
    );
    await page.goto(pathToFileURL(path).href);
  }

  const send = (message: unknown) => page.evaluate((data) => window.postMessage(data, '*'), message);

  test('in an editor, the details are as elsewhere, and name the file', async () => {
    const text = 'model M(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {\n  return x -> fc: Linear(4)\n}\n';
    const { view } = makeView('/home/someone/net.arch', createMemoryHost({ '/home/someone/net.arch': text }));
    await openInEditor();
    await send({ type: 'show', model: view });
    await block('forward/fc').click();
    const code = page.locator('aside code').first();
    const look = await code.evaluate((drawn) => {
      const { backgroundColor, paddingLeft, color } = getComputedStyle(drawn);
      return { backgroundColor, paddingLeft, isPlain: color === getComputedStyle(drawn.parentElement!).color };
    });
    expect(look).toEqual({ backgroundColor: 'rgba(0, 0, 0, 0)', paddingLeft: '0px', isPlain: true });
    expect(await page.evaluate(() => getComputedStyle(document.body).paddingLeft)).toBe('0px');
    const place = page.locator('button.place');
    expect([await place.textContent(), await place.getAttribute('title')]).toEqual(['net.arch:2', '/home/someone/net.arch:2']);
  });

  test('in an editor, the picture moves to the block at the cursor, or to the closed one around it', async () => {
    const { view } = viewed('unet', { depth: 0 });
    await openInEditor();
    await page.setViewportSize({ width: 500, height: 400 });
    await send({ type: 'show', model: view });
    await page.waitForSelector('g.block');
    const { children } = view.entries[0]!.root;
    const stage = (await page.locator('.stage').boundingBox())!;
    const inner = children.find((child) => child.children.length > 0)!;
    const last = children.findLast(({ span }) => span !== undefined)!;
    for (const [target, id] of [
      [last, last.id],
      [children.find(({ span }) => span !== undefined)!, undefined],
      [inner.children.find(({ span }) => span !== undefined)!, inner.id],
      [last, last.id],
    ] as const) {
      await send({ type: 'highlight', span: { ...target.span!, end: target.span!.start } });
      const marked = page.locator('g.marked');
      await expect.poll(() => marked.getAttribute('data-id')).toBe(id ?? target.id);
      const box = (await marked.boundingBox())!;
      expect(box.y).toBeGreaterThanOrEqual(stage.y);
      expect(box.y + box.height).toBeLessThanOrEqual(stage.y + stage.height);
      expect(box.x).toBeGreaterThanOrEqual(stage.x);
      expect(box.x + box.width).toBeLessThanOrEqual(stage.x + stage.width);
    }
  });

  test('opens at its own size where the width allows that, and stays in sight when the window changes', async () => {
    const { view } = viewed('unet', { depth: 0 });
    await openInEditor();
    await page.setViewportSize({ width: 1600, height: 300 });
    await send({ type: 'show', model: view });
    await page.waitForSelector('g.block');
    const transform = () => page.locator('.stage svg').evaluate((svg) => (svg as SVGSVGElement).style.transform);
    expect(await transform()).toContain('scale(1)');
    await page.setViewportSize({ width: 400, height: 300 });
    const svg = (await page.locator('.stage svg').boundingBox())!;
    expect(Math.abs(svg.x + svg.width / 2 - 200)).toBeLessThan(2);
    await page.locator('.stage').focus();
    for (let i = 0; i < 60; i++) await page.keyboard.press('ArrowRight');
    await send({ type: 'show', model: view });
    await expect.poll(async () => (await page.locator('.stage svg').boundingBox())!.x).toBeGreaterThanOrEqual(0);
  });

  test('in an editor, shows what it is sent and says which place is meant', async () => {
    const shown = viewed('lenet').view;
    await openInEditor();
    await send({ type: 'show', model: { version: 99 } });
    await send({ type: 'nonsense' });
    await send({ type: 'show', model: shown });
    await page.waitForSelector('g.block');
    const { span } = shown.entries[0]!.root.children.find(({ label }) => label === 'conv1')!;
    await send({ type: 'highlight', span: { ...span!, end: span!.start } });
    await page.waitForSelector('g.marked');
    expect(await page.locator('g.marked').getAttribute('data-id')).toBe('forward/conv1');
    await block('forward/conv1').click();
    expect(await page.evaluate('sent')).toEqual([{ type: 'ready' }, { type: 'reveal', span }]);
    await send({ type: 'show', model: viewed('unet').view });
    await page.waitForSelector('g.block[data-id="forward/mid"]');
    expect(await page.title()).toBe('UNet – archc');
  });
});
