import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium } from '../kit/chromium.js';
import { Project } from './kit/project.js';

describe('the development server of Vite', { timeout: 120_000 }, () => {
  let project: Project;
  let server: Awaited<ReturnType<Project['serve']>>;
  let browser: Browser;
  let original: readonly [parts: string, source: string];

  beforeAll(async () => {
    project = new Project();
    original = [project.read('src/parts.arch'), project.read('src/digits.arch')];
    server = await project.serve();
    if (hasChromium) browser = await launchChromium();
  });

  afterAll(async () => {
    server?.stop();
    await browser?.close();
    project.remove();
  });

  /** The addresses of the files of a model, as its module says. */
  async function addresses(): Promise<readonly string[]> {
    const code = await (await fetch(`${server.url}src/digits.arch?import`)).text();
    return [...code.matchAll(/['"](\/app\/@archc\/[^'"]+)['"]/g)].map(([, path = '']) => new URL(path, server.url).href);
  }

  test('loads a model on the side of the server', () => {
    expect(server.shape).toEqual([1, 10]);
  });

  test('serves the files of a model, whole and in parts', async () => {
    const [model = '', data = '', ...others] = await addresses();
    expect([model, data]).toEqual([expect.stringMatching(/digits\.onnx$/), expect.stringMatching(/digits-\w+\.data$/)]);
    expect(others).toEqual([]);
    const whole = await fetch(data);
    const bytes = new Uint8Array(await whole.arrayBuffer());
    expect([whole.status, bytes.length]).toEqual([200, 9472]);
    const headers = ['content-type', 'cache-control', 'accept-ranges', 'cross-origin-resource-policy'].map((name) =>
      whole.headers.get(name),
    );
    expect(headers).toEqual(['application/octet-stream', 'public, max-age=31536000, immutable', 'bytes', 'same-origin']);
    const part = async (range: string) => {
      const response = await fetch(data, { headers: { range } });
      return { status: response.status, range: response.headers.get('content-range'), bytes: new Uint8Array(await response.arrayBuffer()) };
    };
    expect(await part('bytes=4-7')).toEqual({ status: 206, range: 'bytes 4-7/9472', bytes: bytes.slice(4, 8) });
    expect(await part('bytes=9470-')).toEqual({ status: 206, range: 'bytes 9470-9471/9472', bytes: bytes.slice(9470) });
    expect(await part('bytes=-3')).toEqual({ status: 206, range: 'bytes 9469-9471/9472', bytes: bytes.slice(9469) });
    expect((await part('bytes=9472-')).status).toBe(416);
    const { status, headers: ofHead } = await fetch(data, { method: 'HEAD' });
    expect([status, ofHead.get('content-length')]).toEqual([200, '9472']);
    expect((await fetch(`${server.url}@archc/0/../../package.json`)).headers.get('content-type')).not.toBe('application/octet-stream');
  });

  describe.runIf(hasChromium)('in a browser', () => {
    async function open(url: string): Promise<Page> {
      const page = await browser.newPage();
      await page.goto(url);
      return page;
    }

    const titled = (page: Page, title: string) => page.waitForFunction((wanted) => document.title === wanted, title, { timeout: 60_000 });
    const overlay = (page: Page) => page.locator('vite-error-overlay').evaluate((element) => element.shadowRoot?.textContent ?? '');

    test('the overlay shows where an imported file is wrong, and the page has the new model once it is corrected', async () => {
      const page = await open(server.url);
      await titled(page, '[1,10]');
      project.write('src/parts.arch', original[0].replace('relu', 'rely'));
      await page.waitForSelector('vite-error-overlay', { state: 'attached' });
      const text = await overlay(page);
      expect(text).toContain('unknown-name: there is nothing called `rely` here');
      expect(text).toMatch(/src\/parts\.arch:3:3[67]/);
      expect(text).toContain('-> rely -> out');
      project.write('src/parts.arch', original[0]);
      project.write('src/digits.arch', original[1].replaceAll('10', '7'));
      await titled(page, '[1,7]');
      expect(await page.locator('vite-error-overlay').count()).toBe(0);
      project.write('src/digits.arch', original[1]);
      await titled(page, '[1,10]');
      await page.close();
    });

    test('a page that opens with an error has the model once it is corrected', async () => {
      project.write('src/parts.arch', original[0].replace('relu', 'rely'));
      const page = await open(server.url);
      await page.waitForSelector('vite-error-overlay', { state: 'attached' });
      project.write('src/parts.arch', original[0]);
      await titled(page, '[1,10]');
      await page.close();
    });

    test('a page that accepts the model gets the new one, and is kept', async () => {
      // For this server, a page that does not accept the model has not been opened.
      const own = await project.serve();
      const page = await open(`${own.url}accepting.html`);
      await titled(page, '[1,10]');
      await page.evaluate(() => Object.assign(globalThis, { isKept: true }));
      project.write('src/digits.arch', original[1].replaceAll('10', '6'));
      await titled(page, '[1,6]');
      expect(await page.evaluate(() => Reflect.get(globalThis, 'isKept'))).toBe(true);
      project.write('src/digits.arch', original[1]);
      await titled(page, '[1,10]');
      await page.close();
      own.stop();
    });
  });
});
