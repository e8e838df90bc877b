/// <reference types="node" />
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium } from '../kit/chromium.js';
import { type SiteServer, serve } from '../web/server.js';
import { ModuleFolder, root } from './written-modules.js';

/** What both a page and Node do, and return. */
const program = `
  const numbers = (count) => Float32Array.from({ length: count }, (_, i) => Math.sin(1 + 1.7 * i));
  const cell = await Cell.create({ provider: 'cpu', ...runtime });
  const calls = [];
  for (let i = 0; i < 3; i++) calls.push([...(await cell.run({ x: numbers(8) })).y.data]);
  await cell.dispose();
  const image = { data: numbers(2 * 784), shape: [2, 1, 28, 28] };
  const trainer = await Finetune.create({ provider: 'cpu', lr: 0.01, ...runtime });
  const losses = [];
  for (let i = 0; i < 3; i++) losses.push((await trainer.step({ image, labels: [3, 4] })).loss);
  const model = await LeNet.create({ provider: 'cpu', ...runtime, files: { 'digits.onnx': await trainer.exportModel() } });
  const logits = [...(await model.run({ image })).logits.data];
  await model.dispose();
  await trainer.dispose();
`;
const imports = (from: string) => `
  import { Finetune, LeNet } from '${from}/digits.arch.js';
  import { Cell } from '${from}/cell.arch.js';
`;

interface Found {
  readonly calls: readonly (readonly number[])[];
  readonly losses: readonly number[];
  readonly logits: readonly number[];
}

describe.runIf(hasChromium)('written modules in a browser tab', { timeout: 120_000 }, () => {
  let folder: ModuleFolder;
  let server: SiteServer;

  beforeAll(async () => {
    folder = new ModuleFolder();
    for (const name of ['digits', 'cell']) await folder.build(name);
    const { outputFiles } = await build({
      stdin: {
        contents: `${imports('./out')}
          const runtime = { wasmPaths: '/onnxruntime-web/', threads: 1 };
          globalThis.run = async () => { ${program} return { calls, losses, logits }; };
          document.documentElement.dataset.done = '';`,
        resolveDir: folder.path,
      },
      bundle: true,
      format: 'esm',
      platform: 'browser',
      alias: { 'archc/runtime': join(root, 'dist/runtime-browser.js') },
      nodePaths: [join(root, 'node_modules')],
      write: false,
      logLevel: 'error',
    });
    server = await serve((path) => {
      if (path === '/') return Buffer.from('<!doctype html><title>archc</title><script type="module" src="/page.js"></script>');
      if (path === '/page.js') return outputFiles[0]?.contents;
      const runtime = /^\/onnxruntime-web\/([\w.-]+\.(?:mjs|wasm))$/.exec(path)?.[1];
      const file = runtime === undefined ? join(folder.path, 'out', path) : join(root, 'node_modules/onnxruntime-web/dist', runtime);
      return existsSync(file) ? readFileSync(file) : undefined;
    });
  });

  afterAll(async () => {
    await server?.close();
    folder?.remove();
  });

  test('load the files beside them, and give what they give in Node', async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      await page.goto(server.url);
      await page.waitForSelector('html[data-done]', { state: 'attached', timeout: 60_000 }).catch((error: unknown) => {
        throw new Error(`the page did not start: ${problems.join('; ')}`, { cause: error });
      });
      const found = (await page.evaluate('globalThis.run()')) as Found;
      const wanted = folder.result(
        `${imports('./out')}const runtime = {};${program}console.log(JSON.stringify({ calls, losses, logits }));`,
      ) as Found;
      const flat = ({ calls, losses, logits }: Found) => [...calls.flat(), ...losses, ...logits];
      expect(flat(found).length).toBe(18 + 3 + 20);
      for (const [i, value] of flat(wanted).entries()) expect(flat(found)[i]).toBeCloseTo(value, 4);
    } finally {
      await browser.close();
    }
  });
});
