/// <reference types="node" />
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium lies on this machine. `ARCHC_CHROMIUM` names another place; one where nothing lies counts as none. */
const executable = (process.env.ARCHC_CHROMIUM === undefined ? places : [process.env.ARCHC_CHROMIUM]).find((path) => existsSync(path));

/**
 * Whether there is a browser to test in. Where there is none, the tests that need one are skipped with a loud line, or, if
 * `ARCHC_REQUIRE_WEBGPU` is set, fail.
 */
export const hasChromium: boolean = prepare();

function prepare(): boolean {
  if (executable !== undefined) return true;
  const message = 'the browser tests need Chromium, which is not installed';
  if (process.env.ARCHC_REQUIRE_WEBGPU === '1') throw new Error(message);
  console.warn(`\n*** SKIPPED: ${message} ***\n`);
  return false;
}

/** Chromium without a window, with WebGPU computed by the processor, and without any traffic of its own. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable ?? '',
    headless: true,
    args: [
      '--no-sandbox',
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=swiftshader',
      '--enable-features=Vulkan',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}
