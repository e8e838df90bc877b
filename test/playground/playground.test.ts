/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contentSecurityPolicy, isolation, noncePlaceholder } from '../../playground/headers.mjs';
import { build, createMemoryHost } from '../../src/index.js';
import { hasChromium, launchChromium } from '../kit/chromium.js';
import { Site } from './kit/site.js';
import { textOf, Visit } from './kit/visit.js';

const root = resolve(import.meta.dirname, '../..');
const digits = readFileSync(join(root, 'playground/models/digits.arch'), 'utf8');
const small = `model Small(x: Tensor[N, 4]) -> (y: Tensor[N, 3]) {
  return x -> first: Linear(8) -> relu -> second: Linear(3)
}
`;

/** The model that an example shows. */
function modelOf(title: string): string {
  const names: Readonly<Record<string, string>> = { LSTM: 'RNN', 'U-Net': 'UNet', ResNet: 'ResNet101' };
  const [name = ''] = title.split(/,? [w(]/);
  return names[name] ?? name;
}

test('the policy allows what the page needs, as its documentation says', () => {
  expect(contentSecurityPolicy('x')).toBe(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self' 'nonce-x'; worker-src 'self'; img-src 'self' blob: data:",
  );
  const page = readFileSync(join(root, 'docs/playground.md'), 'utf8');
  const headers = { ...isolation, 'Content-Security-Policy': contentSecurityPolicy(noncePlaceholder) };
  for (const [name, value] of Object.entries(headers)) expect(page).toContain(`${name}: ${value}\n`);
});

describe.runIf(hasChromium)('the playground', { timeout: 60_000 }, () => {
  let site: Site;
  let url: string;
  let browser: Browser;
  let visit: Visit;

  beforeAll(async () => {
    [site, browser] = await Promise.all([Site.build(), launchChromium()]);
    url = await site.serve();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    site?.remove();
  });

  /** Neither an error nor a violation of the policy is allowed in any test. */
  const leave = async () => {
    const { problems } = visit;
    await visit.close();
    expect(problems).toEqual([]);
  };
  afterEach(leave);

  const open = async (...options: [address?: string, options?: Parameters<Browser['newContext']>[0]]) => {
    visit = await Visit.open(browser, options[0] ?? url, options[1]);
    return visit;
  };

  test('begins with a model: its shapes, its graph and what it costs', async () => {
    const { page } = await open();
    await page.locator('.hint', { hasText: '[N, 16, 5, 5]' }).waitFor();
    await visit.block('conv1').waitFor();
    expect(await textOf(page.locator('#messages'))).toContain('All shapes are proved');
    await visit.show('cost');
    await page.locator('.cost').waitFor();
    expect(await textOf(page.locator('#panel-cost .facts'))).toMatch(/61\.7 kparameters/);
    expect(await textOf(page.locator('#panel-cost tr', { hasText: 'Conv2d' }).nth(1))).toMatch(/Conv2d2,416482 k6\.40 kB/);
  });

  test('says where a mistake is, and goes there', async () => {
    const { page } = await open();
    await visit.write(digits.replace('fc1: Linear', 'fc1: Liner'));
    await visit.messages.first().waitFor();
    expect(await textOf(visit.messages.first())).toMatch(/^11:\d+.*Liner/s);
    expect(await visit.messages.locator('.text').boundingBox()).toMatchObject({ height: expect.closeTo(20, -1) });
    await page.locator('.cm-lintRange-error').waitFor();
    await visit.messages.first().click();
    expect(await visit.line()).toContain('Liner(120)');
    // The graph stays as it was.
    expect(await visit.block('fc2').isVisible()).toBe(true);
  });

  test('draws what is typed, and leads from a block to the source and back', async () => {
    const { page } = await open();
    await visit.write(small);
    await visit.block('second').waitFor();
    await visit.block('second').click();
    expect(await visit.line()).toContain('second: Linear(3)');
    await page.locator('.cm-line', { hasText: 'first:' }).getByText('first', { exact: true }).click();
    await page.locator('g.block.marked[aria-label^="first"]').waitFor();
  });

  test('completes, and shows documentation without making HTML of it', async () => {
    const { page } = await open();
    await visit.write(`## <img src="x" alt="no"> *slanted* \`code\`\n${small}`);
    await page.locator('.cm-line', { hasText: 'model Small' }).getByText('Small', { exact: true }).hover();
    const tooltip = page.locator('.cm-tooltip .markdown');
    await tooltip.waitFor();
    expect(await textOf(tooltip)).toContain('<img src="x" alt="no"> *slanted* code');
    expect(await page.locator('.cm-tooltip img').count()).toBe(0);
    await visit.write(small.replace('relu', 'LayerNo'));
    await page.locator('.cm-line', { hasText: 'LayerNo' }).getByText('LayerNo').click();
    await page.keyboard.press('End');
    for (let i = ' -> second: Linear(3)'.length; i > 0; i--) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+Space');
    const completion = page.locator('.cm-tooltip-autocomplete li', { hasText: 'LayerNorm' }).first();
    await completion.waitFor();
    await page.locator('.cm-completionInfo .markdown').waitFor();
    await completion.click();
    await expect.poll(() => textOf(page.locator('.cm-line').nth(1))).toContain('LayerNorm');
  });

  test('runs the first model, which the plugin has compiled, on WebGPU', async () => {
    const { page } = await open();
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await visit.editor.focus();
    await page.keyboard.press('Control+Enter');
    const card = page.locator('#panel-run .output');
    await card.waitFor();
    expect(await textOf(card)).toMatch(/logits\s*\[1, 10\]/);
    expect(await textOf(page.locator('#panel-run .facts'))).toContain('WebGPU');
    expect(await card.locator('rect.column').count()).toBe(10);
    expect(loaded.filter((path) => path.endsWith('.onnx'))).toEqual([expect.stringMatching(/\/try\/assets\/digits-\w+\.onnx$/)]);
    expect(await textOf(page.locator('#status'))).toBe('The model has run');
  });

  test('runs another text for chosen sizes in WebAssembly, with threads', async () => {
    const { page } = await open();
    await visit.write(small);
    await visit.block('second').waitFor();
    await visit.show('run');
    await page.locator('#panel-run [name=N]').fill('50');
    await page.locator('#panel-run [name=provider]').selectOption('cpu');
    await page.locator('#panel-run button').click();
    const card = page.locator('#panel-run .output');
    await card.waitFor();
    expect(await textOf(card)).toMatch(/y\s*\[50, 3\]/);
    expect(await textOf(page.locator('#panel-run .facts'))).toMatch(/WebAssemblyon \d+ threads?/);
    expect(await page.locator('#one-thread').count()).toBe(0);
  });

  test('says that there is one thread where the server sends no headers of isolation', async () => {
    const { page } = await open(await site.serve({ isIsolated: false }));
    await visit.show('run');
    expect(await textOf(page.locator('#panel-run #one-thread'))).toContain('one thread');
    await page.locator('#panel-run [name=provider]').selectOption('cpu');
    await page.locator('#panel-run button').click();
    await page.locator('#panel-run .output').waitFor();
    expect(await textOf(page.locator('#panel-run .facts'))).toContain('WebAssemblyon 1 thread');
  });

  test('trains: the loss falls from step to step', async () => {
    const { page } = await open();
    await visit.show('train');
    await page.locator('#panel-train [name=provider]').selectOption('cpu');
    await page.locator('#train').click();
    const points = async () =>
      (
        await page
          .locator('.curve polyline')
          .getAttribute('points')
          .catch(() => null)
      )?.split(' ') ?? [];
    await expect.poll(async () => (await points()).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
    const heights = (await points()).slice(0, 3).map((point) => Number(point.split(',')[1]));
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(new Set(heights).size).toBe(3);
    await page.locator('#train').click();
    const link = page.locator('#panel-train a.file');
    await link.waitFor();
    expect(await textOf(page.locator('#panel-train'))).toMatch(
      /random labels[\s\S]*\d+ steps on WebAssembly: the loss went from 2\.\d+ to \d/,
    );
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toBe('model.onnx');
  });

  test('gives the files that archc writes', async () => {
    const { page } = await open();
    await visit.show('files');
    const buttons = page.locator('#panel-files button');
    await buttons.first().click();
    const link = page.locator('.files a');
    await link.waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const { artifacts } = build('model.arch', createMemoryHost({ 'model.arch': digits }));
    expect(readFileSync(await download.path())).toEqual(Buffer.from(artifacts?.[0]?.bytes ?? []));
    await buttons.nth(1).click();
    await expect
      .poll(() => link.allTextContents())
      .toEqual(['model.onnx', 'model.train.onnx', 'model.eval.onnx', 'model.data', 'model.train.safetensors', 'model.train.json']);
  });

  test('keeps a text in a link', async () => {
    const { page } = await open();
    const text = `## Grüße, 世界 <b>\n${small}`;
    await visit.write(text);
    await page.locator('#share').click();
    await page.locator('#status.shown').waitFor();
    const address = page.url();
    expect(address).toMatch(/#code=[\w-]+$/);
    await leave();
    await open(address);
    await visit.block('second').waitFor();
    expect((await visit.editor.locator('.cm-line').allTextContents())[0]).toBe('## Grüße, 世界 <b>');
    await leave();
    const damaged = await open(`${url}#code=AAAA`);
    expect(await textOf(damaged.page.locator('#status'))).toContain('damaged');
    await visit.block('conv1').waitFor();
  });

  test('has examples, which are without mistakes', async () => {
    const { page } = await open();
    const titles = await page.locator('#example option').allTextContents();
    expect(titles).toEqual(expect.arrayContaining(['LeNet', 'LSTM, with training', 'Transformer, with training']));
    for (const title of titles.slice(1)) {
      await page.locator('#example').selectOption(title);
      await expect.poll(() => page.locator('#archc-graph .title').textContent(), { timeout: 20_000 }).toBe(modelOf(title));
      expect([title, await page.locator('#messages .message.error').allTextContents()]).toEqual([title, []]);
    }
    await page.locator('#example').selectOption('ResNet');
    await page.locator('#model-field').waitFor();
    await page.locator('#model').selectOption('ResNet50');
    await page.locator('#archc-graph .title', { hasText: 'ResNet50' }).waitFor({ state: 'attached' });
  });

  test('works with the keyboard', async () => {
    const { page } = await open();
    const visited: string[] = [];
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press('Tab');
      visited.push(await visit.focus());
      if (i < 4) expect(await page.locator('*:focus').evaluate((found) => found.matches(':focus-visible'))).toBe(true);
    }
    expect(visited).toEqual(['example', 'share', 'theme', 'run', 'cm-content']);
    await page.keyboard.press('Tab');
    expect(await visit.focus()).toBe('cm-content');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await visit.focus()).toBe('tab-graph');
    await page.keyboard.press('ArrowRight');
    expect(await visit.focus()).toBe('tab-cost');
    expect(await page.locator('#panel-cost').isVisible()).toBe(true);
    await page.keyboard.press('Tab');
    expect(await visit.focus()).toBe('panel-cost');
    const nameless = await page.locator('button:visible, select:visible, input:visible').evaluateAll((all) =>
      (
        all as unknown as {
          textContent: string;
          ariaLabel: string | null;
          labels: { length: number } | null;
          placeholder?: string;
          id: string;
        }[]
      )
        .filter(({ textContent, ariaLabel, labels }) => textContent === '' && !ariaLabel && !labels?.length)
        .map(({ id }) => id),
    );
    expect(nameless).toEqual([]);
  });

  test('is light or dark as the system is, or as the reader says', async () => {
    const { page } = await open(url, { colorScheme: 'dark' });
    const background = () => page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
    const [dark, light] = ['rgb(16, 19, 23)', 'rgb(243, 245, 247)'];
    expect(await background()).toBe(dark);
    await page.locator('#theme').click();
    expect([await background(), await page.locator('#theme').getAttribute('aria-label')]).toEqual([light, 'Theme: light']);
    await page.reload();
    expect(await background()).toBe(light);
    await page.locator('#theme').click();
    expect(await background()).toBe(dark);
  });

  test('has the source and one panel side by side, or in tabs on narrow pages', async () => {
    const { page } = await open();
    expect([await visit.editor.isVisible(), await page.locator('#panel-graph').isVisible()]).toEqual([true, true]);
    expect(await page.locator('#tab-code').isVisible()).toBe(false);
    await page.setViewportSize({ width: 400, height: 800 });
    await visit.show('code');
    for (const tab of ['code', 'graph', 'cost', 'run', 'train', 'files']) {
      await visit.show(tab);
      expect(await page.locator('.code:visible, .panel:visible').evaluateAll((all) => all.map(({ id }) => id))).toEqual([`panel-${tab}`]);
      const overflow = await page.locator('html').evaluate((html) => [html.scrollWidth, html.scrollHeight]);
      expect(overflow).toEqual([400, 800]);
    }
  });
});
