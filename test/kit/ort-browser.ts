/// <reference types="node" />
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { NdArray } from '../../src/ops/types.js';
import { type SiteServer, serve } from '../web/server.js';
import { launchChromium } from './chromium.js';
import type { ModelRunner, OrtOptions } from './ort-runner.js';
import { fromWire, toWire } from './ort-wire.js';

const packages = resolve(import.meta.dirname, '../../node_modules');

/** The build of ONNX Runtime Web for each provider. */
const usualBuilds = { wasm: 'ort.wasm.min.mjs', webgpu: 'ort.webgpu.min.mjs' } as const;

interface WebTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes in base 64. */
  readonly data: string;
}

type Answer = { readonly outputs: Readonly<Record<string, WebTensor>> } | { readonly error: string; readonly isBroken: boolean };

interface Site {
  readonly server: SiteServer;
  readonly browser: Browser;
  readonly pages: Map<string, Page>;
}

/** ONNX Runtime Web in tabs of Chromium, one for each provider. A tab is reopened if the runtime in it breaks. */
export class BrowserRunner implements ModelRunner {
  readonly #builds: Readonly<Record<keyof typeof usualBuilds, string>>;
  #site: Promise<Site> | undefined;

  /** The build for WebGPU also computes on the CPU, with fewer kernels than that for WebAssembly alone. */
  constructor(builds: Partial<Record<keyof typeof usualBuilds, string>> = {}) {
    this.#builds = { ...usualBuilds, ...builds };
  }

  async run(model: Uint8Array, feeds: Readonly<Record<string, NdArray>>, options: OrtOptions = {}): Promise<Record<string, NdArray>> {
    const { provider = 'wasm', optimization = 'all', strict = false, timeout = 60_000 } = options;
    if (provider === 'cpu' || provider === 'cuda') throw new Error(`a browser has no provider ${provider}`);
    const page = await this.#page(provider);
    const request = { model: Buffer.from(model).toString('base64'), feeds: webTensors(feeds), provider, optimization, strict };
    const answer = await answered(page, request, timeout).catch((error: unknown) => ({ error: String(error), isBroken: true }));
    if ('error' in answer) {
      if (answer.isBroken) await this.#discard(provider, page);
      throw new Error(answer.isBroken ? `ONNX Runtime crashed: ${answer.error}` : answer.error);
    }
    return Object.fromEntries(Object.entries(answer.outputs).map(([name, tensor]) => [name, fromWebTensor(name, tensor)]));
  }

  async restart(): Promise<void> {
    const site = await this.#site;
    for (const [provider, page] of site?.pages ?? []) await this.#discard(provider, page);
  }

  async close(): Promise<void> {
    const site = await this.#site;
    this.#site = undefined;
    await site?.browser.close();
    await site?.server.close();
  }

  async #page(provider: keyof typeof usualBuilds): Promise<Page> {
    this.#site ??= openSite();
    const { server, browser, pages } = await this.#site;
    const open = pages.get(provider);
    if (open !== undefined) return open;
    const page = await browser.newPage();
    await page.goto(`${server.url}/?${this.#builds[provider]}`);
    await page.waitForSelector('html[data-ready]', { state: 'attached', timeout: 60_000 });
    pages.set(provider, page);
    return page;
  }

  async #discard(provider: string, page: Page): Promise<void> {
    const site = await this.#site;
    site?.pages.delete(provider);
    await page.close();
  }
}

async function openSite(): Promise<Site> {
  const contents: Readonly<Record<string, Uint8Array>> = {
    '/': Buffer.from('<!doctype html><title>ONNX Runtime Web</title><script type="module" src="/page.js"></script>'),
    '/page.js': readFileSync(join(import.meta.dirname, 'ort-page.js')),
  };
  const server = await serve((path) => {
    const name = /^\/onnxruntime-web\/([\w.-]+\.(?:mjs|wasm))$/.exec(path)?.[1];
    const file = name === undefined ? undefined : join(packages, 'onnxruntime-web/dist', name);
    return file !== undefined && existsSync(file) ? file : contents[path];
  });
  return { server, browser: await launchChromium(), pages: new Map() };
}

/** The answer of a page. Rejects if it does not answer in time, or is closed. */
async function answered(page: Page, request: unknown, timeout: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`ONNX Runtime gave no answer within ${timeout} ms`)), timeout);
  });
  try {
    return await Promise.race([page.evaluate<Answer>(`globalThis.runModel(${JSON.stringify(request)})`), late]);
  } finally {
    clearTimeout(timer);
  }
}

function webTensors(feeds: Readonly<Record<string, NdArray>>): Readonly<Record<string, WebTensor>> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, array]) => {
      const { dtype, shape, data } = toWire(array);
      const { buffer, byteOffset, byteLength } = data as Uint8Array;
      return [name, { dtype, shape, data: Buffer.from(buffer, byteOffset, byteLength).toString('base64') }];
    }),
  );
}

const views: Readonly<Record<string, (buffer: ArrayBuffer) => ArrayLike<number | bigint>>> = {
  bool: (buffer) => new Uint8Array(buffer),
  float16: (buffer) => new Uint16Array(buffer),
  float32: (buffer) => new Float32Array(buffer),
  float64: (buffer) => new Float64Array(buffer),
  int8: (buffer) => new Int8Array(buffer),
  int16: (buffer) => new Int16Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  int64: (buffer) => new BigInt64Array(buffer),
  uint8: (buffer) => new Uint8Array(buffer),
  uint16: (buffer) => new Uint16Array(buffer),
  uint32: (buffer) => new Uint32Array(buffer),
  uint64: (buffer) => new BigUint64Array(buffer),
};

function fromWebTensor(name: string, { dtype, shape, data }: WebTensor): NdArray {
  const view = views[dtype];
  if (view === undefined) throw new Error(`output ${name} has type ${dtype}`);
  return fromWire(name, { dtype, shape, data: view(Uint8Array.from(Buffer.from(data, 'base64')).buffer) });
}
