/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { claimsAbout, differences, textOf } from '../kit/capabilities/verify.js';
import { writtenTable } from '../kit/capabilities/write-table.js';
import { hasChromium } from '../kit/chromium.js';
import { BrowserRunner } from '../kit/ort-browser.js';
import { webgpu } from '../kit/webgpu.js';

test.runIf(webgpu && hasChromium)('probing every form in every opset reproduces the table of kernels', async () => {
  const folder = resolve(import.meta.dirname, '../../src/ops/capabilities');
  for (const [name, text] of await writtenTable()) expect(readFileSync(join(folder, name), 'utf8'), name).toBe(text);
});

test.runIf(hasChromium)('WebGPU in a browser does everything that the table says about WebGPU', async () => {
  const browser = new BrowserRunner();
  try {
    expect((await differences(browser, 'webgpu', claimsAbout('webgpu'))).map(textOf)).toEqual([]);
  } finally {
    await browser.close();
  }
});
