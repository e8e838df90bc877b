import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium } from '../kit/chromium.js';
import { commandLine } from '../kit/command-line.js';
import { type SiteServer, serve } from '../web/server.js';

const root = resolve(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/browser.md'), 'utf8');

function block(kind: string): string {
  return new RegExp(`^\`\`\`${kind}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text)?.[1] ?? expect.fail(`there is no block ${kind}`);
}

/** A page that runs the model, with the import map of the page that trains one. */
function runPage(): string {
  const importMap = /<script type="importmap">[\s\S]*?<\/script>/.exec(block('html'))?.[0] ?? '';
  return `<!doctype html>${importMap}<script type="module">${block('js')}
const refusal = await session.run({ ids: [[3, 100]] }).catch(({ name, message }) => name + ': ' + message);
document.title = [session.provider, shape, data.every(Number.isFinite), refusal].join(' ');</script>`;
}

describe.runIf(hasChromium)('the page in docs/browser.md', { timeout: 120_000 }, () => {
  const asked = new Set<string>();
  let html = block('html');
  let folder = '';
  let server: SiteServer;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'archc-page-'));
    for (const name of ['node_modules', 'out']) mkdirSync(join(folder, name));
    symlinkSync(root, join(folder, 'node_modules/archc'), 'dir');
    symlinkSync(join(root, 'node_modules/onnxruntime-web'), join(folder, 'node_modules/onnxruntime-web'), 'dir');
    for (const name of ['signs.arch', 'encoder.arch']) writeFileSync(join(folder, name), block(`arch ${name}`));
    const before = process.cwd();
    process.chdir(folder);
    try {
      const commands = [...text.matchAll(/^npx archc (.*)$/gm)].map(([, command = '']) => command);
      expect(commands).toHaveLength(3);
      for (const command of commands) expect(await commandLine(command.split(' '))).toMatchObject({ code: 0 });
    } finally {
      process.chdir(before);
    }
    server = await serve(
      (path) => {
        if (path === '/') return Buffer.from(html);
        if (path === '/run.html') return Buffer.from(runPage());
        asked.add(path.slice(1));
        const file = join(folder, path);
        return existsSync(file) ? file : undefined;
      },
      // What the page says that a policy must have. The page has no nonces.
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'; worker-src 'self'; connect-src 'self'",
    );
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function opened(): Promise<{ readonly page: Page; readonly problems: readonly string[] }> {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(server.url);
    return { page, problems };
  }

  test('trains the model, runs it and offers it', async () => {
    const { page, problems } = await opened();
    await page.waitForSelector('#model:not([hidden])', { timeout: 60_000 }).catch((error: unknown) => {
      throw new Error(problems.join('; '), { cause: error });
    });
    expect(Number(await page.textContent('#loss'))).toBeLessThan(0.2);
    expect(Number.parseInt((await page.textContent('#right')) ?? '', 10)).toBeGreaterThan(90);
    expect(await page.getAttribute('#model', 'href')).toMatch(/^blob:/);
  });

  test('asks for the files that the table lists, and for no others', () => {
    const rows = [...text.matchAll(/^\| (`.*`) \| /gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
    );
    const files = [...asked, 'index.html'].map((file) => file.replace(/(\/dist\/chunks\/)browser-.*/, '$1'));
    expect([...new Set(files)].filter((file) => file !== 'favicon.ico').sort()).toEqual(rows.sort());
  });

  test('loads the portable file where the GPU computes attention incorrectly, as the software GPU does', async () => {
    asked.clear();
    const page = await browser.newPage();
    const warnings: string[] = [];
    page.on('console', (message) => warnings.push(message.text()));
    await page.goto(`${server.url}/run.html`);
    await expect
      .poll(() => page.title(), { timeout: 60_000 })
      .toBe('webgpu 1,4,16 true FeedError: the input `ids` must be from 0 to 99, but its element [0, 1] is 100');
    expect(warnings.join('\n')).toContain("ONNX Runtime's fused attention, which the model uses, gives wrong results on this GPU");
    expect([...asked].filter((file) => file.startsWith('out/'))).toEqual(['out/encoder.webgpu.onnx', 'out/encoder.onnx']);
  });

  test('needs `ort` for its worker', async () => {
    html = block('html').replace(/^ *ort,\n/m, '');
    const { page, problems } = await opened();
    await expect
      .poll(() => problems.join('; '), { timeout: 60_000 })
      .toMatch(
        /package onnxruntime-web is needed.* give the module as the option `ort` .*a worker does not see the import map of its page/,
      );
    expect(await page.textContent('#loss')).toBe('');
  });

  test('needs one entry of its import map if it gives `ort` everywhere', async () => {
    html = block('html')
      .replace(/,\n *"onnxruntime-web\/[^\n,]*/g, '')
      .replace('worker: true', "provider: 'cpu'");
    const { page, problems } = await opened();
    await page.waitForSelector('#model:not([hidden])', { timeout: 60_000 }).catch((error: unknown) => {
      throw new Error(problems.join('; '), { cause: error });
    });
  });
});
