/// <reference types="node" />
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { build as Build, BuildResult } from '../../src/build.js';
import type { createNodeHost as CreateNodeHost } from '../../src/node/node-host.js';
import type { NdArray } from '../../src/ops/types.js';
import { hasChromium, launchChromium } from '../kit/chromium.js';
import { fixtureData, relativeError } from '../kit/fixtures.js';
import { useOrt } from '../kit/ort.js';
import { type SiteServer, serve } from './server.js';

const root = resolve(import.meta.dirname, '../..');
const example = join(root, 'examples/cnn/model.arch');

/** What test/web/page.js leaves. */
interface Answer {
  readonly error?: string;
  readonly canEvaluate: boolean;
  readonly bytes: readonly number[];
  readonly diagnostics: readonly string[];
  readonly wrong: readonly string[];
  readonly wasm: { readonly shape: readonly number[]; readonly data: readonly number[] };
  readonly webgpu: Answer['wasm'];
}

/** The bundles of `npm run build`, as they are published. */
async function builtInNode(): Promise<BuildResult> {
  const { build }: { build: typeof Build } = await import(join(root, 'dist/index.js'));
  const { createNodeHost }: { createNodeHost: typeof CreateNodeHost } = await import(join(root, 'dist/node.js'));
  return build(example, createNodeHost(), { seed: 7 });
}

describe.runIf(hasChromium)('the compiler in a browser tab', () => {
  const ort = useOrt();
  const { image } = fixtureData('cnn').inputs;
  let server: SiteServer;
  let browser: Browser;
  let inNode: BuildResult;
  let wanted: NdArray;
  let answer: Answer;

  function placeOf(path: string): string | Uint8Array | undefined {
    if (path === '/') return Buffer.from('<!doctype html><title>archc</title><script type="module" src="/page.js"></script>');
    if (path === '/page.js') return join(import.meta.dirname, 'page.js');
    if (path === '/model.arch') return example;
    if (path === '/image.bin') return new Uint8Array(Float32Array.from((image as NdArray).data).buffer);
    if (path === '/archc/browser.js') return join(root, 'dist/browser.js');
    const runtime = /^\/onnxruntime-web\/([\w.-]+\.(?:mjs|wasm))$/.exec(path)?.[1];
    const file = runtime === undefined ? undefined : join(root, 'node_modules/onnxruntime-web/dist', runtime);
    return file !== undefined && existsSync(file) ? file : undefined;
  }

  beforeAll(async () => {
    inNode = await builtInNode();
    const { logits } = await ort.run(inNode.bytes as Uint8Array, { image: image as NdArray });
    wanted = logits as NdArray;
    server = await serve(placeOf);
    browser = await launchChromium();
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('requestfailed', (request) => problems.push(`${request.url()} failed`));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(server.url);
    await page.waitForSelector('html[data-done]', { state: 'attached', timeout: 100_000 }).catch((error: unknown) => {
      throw new Error(`the page gave no answer: ${problems.join('; ')}`, { cause: error });
    });
    answer = (await page.evaluate('globalThis.answer')) as Answer;
    if (answer.error !== undefined) throw new Error(`${answer.error}\n${problems.join('\n')}`);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it('works on a page that forbids code from strings', () => {
    expect(answer.canEvaluate).toBe(false);
  });

  it('gives the same bytes as in Node', () => {
    expect(answer.diagnostics).toEqual([]);
    expect(answer.bytes.length).toBeGreaterThan(1_000_000);
    expect(Buffer.from(answer.bytes).equals(inNode.bytes as Uint8Array)).toBe(true);
  });

  it('reports mistakes', () => {
    expect(answer.wrong).toEqual(['as-mismatch']);
  });

  it.each(['wasm', 'webgpu'] as const)('gives a model that ONNX Runtime Web computes like ONNX Runtime on %s', (provider) => {
    const { shape, data } = answer[provider];
    const error = relativeError({ dtype: 'f32', shape, data: Float64Array.from(data) }, wanted);
    console.log(`largest difference on ${provider}: ${error.toExponential(1)} of the largest output`);
    expect(shape).toEqual(wanted.shape);
    expect(error).toBeLessThanOrEqual(1e-5);
  });
});
